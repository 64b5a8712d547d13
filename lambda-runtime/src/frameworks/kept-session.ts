import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { encode } from '../dynamodb/values/attribute-values.js';
import { SessionConflictError, SessionError } from '../errors.js';
import { correlationHash, isUsableId } from '../ids/session-id.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { loadById } from '../lifecycle/load.js';
import { saveSession } from '../lifecycle/save.js';
import { Turns } from '../platform/turns.js';
import { SessionState } from '../session/session-state.js';
import { numberAttribute, readEpochSeconds } from '../stores/session-row.js';

/**
 * A session that a framework holds: loaded once, saved as often as the framework likes. Each save writes what was changed since the last.
 *
 * @hidden
 */
export class KeptSession {
  /** What was saved last; none: nothing since it was loaded. */
  private saved?: AttributeValue;
  private readonly saves = new Turns();

  /** @param state as it was loaded; none: a new session */
  constructor(readonly id: string, private readonly access: () => StoreAccess, private state?: SessionState) {}

  /** The data as it was loaded; a structure of the caller's own. */
  get data(): unknown {
    return this.state?.data;
  }

  /** When the session expires, in epoch seconds, as it was loaded; `undefined`: never. */
  get expiresAt(): number | undefined {
    return readEpochSeconds(this.state?.row?.ttl);
  }

  /**
   * @param ttl seconds from now until the session expires if it is not used; 0: as the store's options say
   * @throws SessionConflictError if the session was destroyed meanwhile, and data was changed
   */
  save(data: unknown, ttl: number): Promise<void> {
    return this.saves.inTurn(async () => {
      const value = encode(data);
      const state = await this.currentState();
      state.data = data;
      await saveSession(state, this.accessWith(ttl));
      this.saved = value;
    });
  }

  /** Renews the expiry if it is due. A save has done so already. */
  renew(ttl: number): Promise<void> {
    return this.saves.inTurn(async () => {
      if (this.saved === undefined && this.state !== undefined) {
        await saveSession(this.state, this.accessWith(ttl));
      }
    });
  }

  /** The session that changes count from: as it was loaded, or as it was saved last. */
  private async currentState(): Promise<SessionState> {
    if (this.state === undefined || this.saved !== undefined) {
      this.state = this.saved === undefined ? await unknownSession(this.id, this.access()) : await this.reload(this.saved);
    }
    return this.state;
  }

  private async reload(saved: AttributeValue): Promise<SessionState> {
    const { row, key, loadedAt } = await loadById(this.id, this.access());
    if (row === undefined) {
      throw new SessionConflictError(`session ${correlationHash(key)} was destroyed after it had been saved by this request; its later changes were not saved`);
    }
    // A version that no row has: what is written as a whole is computed from the row that is there.
    return new SessionState({ id: this.id, key, idIsFresh: false, loadedAt, row: { ...row, value: saved, access_counter: numberAttribute(-1) } });
  }

  private accessWith(ttl: number): StoreAccess {
    const access = this.access();
    const { options } = access;
    const share = options.ttl === 0 ? 0.1 : options.touchAfter / options.ttl;
    return ttl === 0 ? access : { ...access, options: { ...options, ttl, touchAfter: share * ttl } };
  }
}

/** A session of which nothing is known but its id: new, until a write finds something else. It is looked for only where it may have several keys. */
export async function unknownSession(id: string, access: StoreAccess): Promise<SessionState> {
  if (!isUsableId(id)) {
    throw new SessionError('the id of a session must be 1 to 2048 visible ASCII characters: have the framework make such ids');
  }
  const { options, now } = access;
  await options.prepare?.();
  if (options.keysOfId(id).length > 1) {
    return loadById(id, access);
  }
  return new SessionState({ id, key: options.keyOfId(id), idIsFresh: false, loadedAt: now() });
}
