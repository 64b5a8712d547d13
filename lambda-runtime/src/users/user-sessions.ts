import { sha256 } from '../ids/session-id.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { isExpired, policyOf } from '../session/expiry.js';
import { keyOfUser } from '../stores/collections/collection-keys.js';
import type { CollectionItem, CollectionsStore } from '../stores/collections/collections-store.js';
import { isForwardingRow, readEpochSeconds, toDate } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/** How many sessions are read or destroyed concurrently. */
const AT_ONCE = 25;

/** An index item of a session that ended so long ago, in seconds, is deleted when it is found: no clock differs by so much. */
const PRUNE_AFTER_SECONDS = 3600;

export interface IndexedSession {
  /** The key of the session's row. */
  readonly key: string;
}

interface ListedSession extends IndexedSession {
  readonly handle: string;
  readonly label: string | undefined;
  readonly createdAt: Date | undefined;
  readonly lastUsed: Date | undefined;
}

/** The sessions that the index items of a user lead to. */
export function userSessions(user: string, collections: CollectionsStore, { store, options, limits, now }: StoreAccess) {
  const collection = keyOfUser(user, options.hashesIds);
  const reading = () => ({ ...limits(), consistentRead: true });

  async function* items(): AsyncGenerator<CollectionItem> {
    let from: string | undefined;
    do {
      const page = await collections.query({ collection, from }, reading());
      yield* page.items;
      from = page.next;
    } while (from !== undefined);
  }

  async function list(): Promise<ListedSession[]> {
    const sessions: ListedSession[] = [];
    await inBatches(items(), async (item) => {
      const row = await store.get(item.item.S!, reading());
      if (row !== undefined && row.user?.S === user && !isExpired(row, now(), options)) {
        sessions.push(listed(item, row));
      } else if (!options.isReadOnly && isGone(row)) {
        await prune(item);
      }
    });
    return sessions.sort((one, other) => (other.lastUsed?.getTime() ?? 0) - (one.lastUsed?.getTime() ?? 0));
  }

  /** By its row alone: other functions may have another `absoluteTimeout`, or none. */
  function isGone(row: SessionRow | undefined): boolean {
    return row === undefined || isForwardingRow(row) || isExpired(row, now() - PRUNE_AFTER_SECONDS, { ...options, absoluteTimeout: 0 });
  }

  function listed(item: CollectionItem, row: SessionRow): ListedSession {
    return {
      key: item.item.S!,
      handle: handleOf(item),
      label: (row.user_label ?? item.label)?.S,
      createdAt: toDate(readEpochSeconds(row.created_at)),
      lastUsed: toDate(lastUse(row)),
    };
  }

  /** By the expiry, which was that use's. */
  function lastUse(row: SessionRow): number | undefined {
    const { ttl, absoluteTimeout } = policyOf(row, options);
    const expiresAt = readEpochSeconds(row.ttl);
    const isEndOfLife = absoluteTimeout > 0 && expiresAt === Math.floor((readEpochSeconds(row.created_at) ?? 0) + absoluteTimeout);
    return ttl === 0 || expiresAt === undefined || isEndOfLife ? undefined : expiresAt - ttl;
  }

  async function find(handle: string): Promise<IndexedSession | undefined> {
    for await (const item of items()) {
      if (handleOf(item) === handle) {
        return { key: item.item.S! };
      }
    }
    return undefined;
  }

  /** The session first, the index item second: never is there a session without one. */
  async function destroyOne({ key }: IndexedSession): Promise<void> {
    const row = await store.get(key, reading());
    const isLive = row !== undefined && isUsers(row, user);
    const destroyed = isLive ? await store.destroy(key, { ...limits(), keepsForwardingRow: true }) : undefined;
    if (destroyed?.user?.S === user) {
      return; // its index item was deleted with it
    }
    await prune({ collection: { S: collection }, item: { S: key } });
  }

  /** Again until there is nothing left to destroy: a session that changes its id moves to where the query has been. */
  async function destroyAllBut(isKept: (key: string) => boolean): Promise<void> {
    let destroyed: number;
    do {
      destroyed = 0;
      await inBatches(items(), async ({ item }) => {
        if (!isKept(item.S!)) {
          destroyed++;
          await destroyOne({ key: item.S! });
        }
      });
    } while (destroyed > 0);
  }

  async function prune({ collection: { S }, item }: CollectionItem): Promise<void> {
    await collections.write([{ delete: { collection: { S }, item } }], limits());
  }

  return { list, find, destroyOne, destroyAllBut };
}

/** A row without a user counts too: whatever goes on under an id that was signed in ends with it. */
function isUsers(row: SessionRow, user: string): boolean {
  return !isForwardingRow(row) && (row.user?.S === undefined || row.user.S === user);
}

function handleOf({ item }: CollectionItem): string {
  return sha256(`handle#${item.S}`).slice(0, 32);
}

async function inBatches<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === AT_ONCE) {
      await Promise.all(batch.map(work));
      batch = [];
    }
  }
  await Promise.all(batch.map(work));
}
