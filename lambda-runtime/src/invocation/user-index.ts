import type { ResolvedOptions } from '../configuration/resolve-options.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { SessionStoreNotSetError } from '../errors.js';
import { policyOf } from '../session/expiry.js';
import type { StoreCallOptions } from '../stores/call-options.js';
import { keyOfUser } from '../stores/collections/collection-keys.js';
import type { CollectionItem } from '../stores/collections/collections-store.js';
import { numberAttribute, readEpochSeconds, readNumber } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { SessionStore } from '../stores/store.js';
import type { Change, NewExpiry, Touch, WriteResult } from '../stores/writes.js';

/*
 * The sessions of a user are found by index items, one for each session that is signed in: in the collection of the user, under
 * the key of the session's row. An index item must never go before its session: it is written in the same transaction, expires
 * later, is renewed before the session, and is deleted after it.
 *
 * What is here, every handler needs: any may load a session that another one signed in. The rest is in user-moves.ts.
 */

const DAY = 24 * 3600;

/** The session expires never, and so does its index item. */
const NEVER: AttributeValue = { NULL: true };

/** The store, which renews the index items of sessions with a user before the sessions. Nothing changes for others. */
export function withUserIndex(store: SessionStore, options: ResolvedOptions): SessionStore {
  const renewIndex = async (row: SessionRow, limits: StoreCallOptions) =>
    withCollections(store).writeBeside!({ put: indexItem(row, options), over: 'earlier' }, limits);

  /** Renews the index item first, if it could otherwise go before a session with this expiry. */
  const renewing = <T extends Change | Touch>(write: T, limits: StoreCallOptions, send: (write: T) => Promise<WriteResult>) => {
    const { from, expiresAt, attributes } = write;
    const user_until = hasUser(from) && expiresAt !== undefined ? dueEnd(from, expiresAt, options) : undefined;
    return user_until === undefined
      ? send(write)
      : renewIndex({ ...from, user_until }, limits).then(() => send({ ...write, attributes: { ...attributes, user_until } }));
  };

  return {
    ...(store.collections && { collections: store.collections }),
    ...(store.writeBeside && { writeBeside: (write, limits) => store.writeBeside!(write, limits) }),
    get: (key, limits) => store.get(key, limits),
    create: (creation, limits) => store.create(creation, limits),
    save: (change, limits) => renewing(change, limits, (whole) => store.save(whole, limits)),
    touch: (touch, limits) => renewing(touch, limits, (whole) => store.touch(whole, limits)),
    regenerate: (regeneration, limits) => store.regenerate(regeneration, limits),
    destroy: (key, limits) => store.destroy(key, limits),
  };
}

export function indexItem(row: SessionRow, { hashesIds }: ResolvedOptions): CollectionItem {
  return {
    collection: { S: keyOfUser(row.user!.S!, hashesIds) },
    item: row.key,
    ...(row.created_at !== undefined && { created_at: row.created_at }),
    ...(row.user_label !== undefined && { label: row.user_label }),
    ...(row.user_until?.N !== undefined && { ttl: row.user_until }),
  };
}

export function hasUser({ user }: SessionRow): boolean {
  return user?.S !== undefined;
}

/**
 * The expiry that the index item of a session needs; `undefined`: the one it has will do. It lies so far behind that of the session
 * that it is seldom renewed.
 */
export function dueEnd(row: SessionRow, expiresAt: NewExpiry, options: ResolvedOptions): AttributeValue | undefined {
  const { ttl, absoluteTimeout } = policyOf(row, options);
  const limit = absoluteTimeout === 0 ? Infinity : Math.ceil((readEpochSeconds(row.created_at) ?? Infinity) + absoluteTimeout);
  const end = expiresAt === 'never' ? Infinity : expiresAt;
  const slack = limit === Infinity ? Math.max(10 * ttl, DAY) : 0;
  const known = row.user_until === undefined ? -Infinity : readNumber(row.user_until) ?? Infinity;
  if (known === Infinity || end + slack / 2 <= known) {
    return undefined;
  }
  const due = Math.max(end + slack, limit === Infinity ? 0 : limit);
  return due === Infinity ? NEVER : numberAttribute(due);
}

export function withCollections(store: SessionStore): SessionStore {
  if (store.writeBeside === undefined || store.collections === undefined) {
    throw new SessionStoreNotSetError('sessions that are signed in need a collections table: set collections: true on the SessionTable, or pass collectionsTableName');
  }
  return store;
}
