import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { SessionConflictError, SessionStoreError } from '../errors.js';
import { storeAccess } from '../invocation/begin-invocation.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { rowInTheWay } from '../lifecycle/failed-writes.js';
import { assertFitsItem } from '../lifecycle/item-limit.js';
import { loadById } from '../lifecycle/load.js';
import { rehearseInvocation } from '../lifecycle/rehearse-invocation.js';
import { updateSession } from '../lifecycle/update.js';
import { crypto } from '../platform/node-modules.js';
import { checkOptionNames } from '../platform/option-names.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { isExpired } from '../session/expiry.js';
import { firstRow } from '../session/first-row.js';
import { NO_DATA } from '../session/session-state.js';
import { keyOfValue } from '../stores/row-keys.js';
import type { SessionRow } from '../stores/session-row.js';

/** Increments of one key that wait for the write that is under way; they go out together in the next one. */
interface Counting {
  readonly waiting: { resolve(count: number): void; reject(error: unknown): void }[];
}

/** What a framework keeps that is no session: options are checked immediately, the store is opened with the first use. */
export function keyedValues(framework: string, options: Pick<SessionOptions, 'store' | 'client'>): KeyedValues {
  checkOptionNames(options, ['store', 'client'], framework);
  const resolved = resolveOptions({ ...options, update: true });
  const keyOfId = (key: string) => keyOfValue(framework, key);
  return new KeyedValues(storeAccess({ ...resolved, keyOfId, keysOfId: (key) => [keyOfId(key)] }, rehearseInvocation));
}

/** Texts and counters by key, each with a time to live in seconds, in rows that nobody can present as a session. */
class KeyedValues {
  private readonly countings = new Map<string, Counting>();

  /** @param access opens the store; its options say how keys become row keys */
  constructor(private readonly access: () => StoreAccess) {}

  /** The text or counter of a key; `null` if there is none, or it has expired. */
  async get(key: string): Promise<string | number | null> {
    return valueOf(await this.liveRow(key));
  }

  /** Sets the text of a key, whatever was there. The last of several that run at the same time stands. */
  async set(key: string, value: string, ttl: number = 0): Promise<void> {
    const { store, options, limits, now } = this.access();
    const startedAt = now();
    const row = firstRow(options.keyOfId(key), { S: value }, startedAt, startedAt, { ...options, ttl });
    assertFitsItem(row);
    let result = await store.create({ row }, limits());
    for (let round = 0; !result.written; round++) {
      if (round > 0) {
        await pauseBeforeRetry(round);
      }
      result = await store.create({ row, replaces: rowInTheWay(result) }, limits());
    }
  }

  async delete(key: string): Promise<void> {
    const { store, options, limits } = this.access();
    await store.destroy(options.keyOfId(key), limits());
  }

  /** The text of a key, which is gone afterwards. If several run at the same time, one gets it, the others `null`. */
  async take(key: string): Promise<string | number | null> {
    const { store, limits, now } = this.access();
    const token = crypto().randomBytes(6).toString('base64url');
    let row = await this.liveRow(key);
    for (let round = 0; row !== undefined; round++) {
      const time = now();
      const emptied = { from: row, condition: 'same-version', value: NO_DATA, writeLog: token, expiresAt: Math.floor(time), now: time } as const;
      const result = await store.save(emptied, limits());
      if (result.written || result.found?.write_log?.S === token) {
        return valueOf(row);
      }
      if (result.found === undefined && result.mayBeApplied) {
        throw new SessionStoreError('a value was taken more than once, and it cannot be known whether by this call: its row is gone');
      }
      row = this.ifLive(result.found);
      await pauseBeforeRetry(round);
    }
    return null;
  }

  /**
   * Adds one to the counter of a key and returns the result. `ttl` counts from the first increment and is not renewed. Those
   * that come while a write of the same process is under way go out together in the next one.
   */
  increment(key: string, ttl: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const counting = this.countings.get(key);
      if (counting !== undefined) {
        counting.waiting.push({ resolve, reject });
        return;
      }
      const begun: Counting = { waiting: [{ resolve, reject }] };
      this.countings.set(key, begun);
      void this.count(key, ttl, begun);
    });
  }

  private async count(key: string, ttl: number, { waiting }: Counting): Promise<void> {
    while (waiting.length > 0) {
      const callers = waiting.splice(0);
      try {
        const count = await this.add(key, callers.length, ttl);
        callers.forEach(({ resolve }, i) => resolve(count - callers.length + 1 + i));
      } catch (error) {
        callers.forEach(({ reject }) => reject(error));
      }
    }
    this.countings.delete(key);
  }

  private async add(key: string, step: number, ttl: number): Promise<number> {
    const access = this.access();
    const setOnCreation = { ...access, options: { ...access.options, ttl, touchAfter: Infinity } };
    for (;;) {
      const counter = await loadById(key, setOnCreation);
      try {
        return await updateSession(counter, (count) => Number(count ?? 0) + step, setOnCreation) as number;
      } catch (error) {
        if (!(error instanceof SessionConflictError)) { // it expired in between, or was deleted: it starts again
          throw error;
        }
      }
    }
  }

  private async liveRow(key: string): Promise<SessionRow | undefined> {
    const { store, options, limits } = this.access();
    return this.ifLive(await store.get(options.keyOfId(key), { ...limits(), consistentRead: true }));
  }

  private ifLive(row: SessionRow | undefined): SessionRow | undefined {
    const { now, options } = this.access();
    return row === undefined || isExpired(row, now(), options) || row.value?.NULL ? undefined : row;
  }
}

function valueOf(row: SessionRow | undefined): string | number | null {
  const { S: text, N: count }: AttributeValue = row?.value ?? NO_DATA;
  return text ?? (count === undefined ? null : Number(count));
}
