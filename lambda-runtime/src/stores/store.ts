import type { DestroyOptions, GetOptions, StoreCallOptions } from './call-options.js';
import type { CollectionsStore, CollectionWrite } from './collections/collections-store.js';
import type { CollectionsTable } from './collections/collections-table.js';
import type { SessionRow } from './session-row.js';
import type { Change, Creation, Regeneration, Touch, WriteResult } from './writes.js';

/**
 * Where sessions are kept. A store obeys: it knows neither options nor policy, and each write is one atomic step under
 * its condition. What it cannot do it rejects with a `SessionStoreError`.
 *
 * @example
 * ```ts
 * import type { SessionStore } from 'cdk-session-table/lambda-runtime';
 *
 * // Any store, with a line for each read.
 * function logging(store: SessionStore): SessionStore {
 *   return Object.assign(Object.create(store) as SessionStore, {
 *     get: async (...args: Parameters<SessionStore['get']>) => {
 *       console.log('reading');
 *       return store.get(...args);
 *     },
 *   });
 * }
 * ```
 */
export interface SessionStore {
  /**
   * Where conversations and the sessions of users are kept: a store of collections, or a DynamoDB table and a client for it.
   * Optional; without it those functions throw a `SessionStoreNotSetError`.
   */
  readonly collections?: CollectionsStore | CollectionsTable;
  /** Makes one write to the collections. Only a store with `collections` has it. */
  writeBeside?(write: CollectionWrite, options: StoreCallOptions): Promise<void>;
  /** The row of this key, expired or not. */
  get(key: string, options: GetOptions): Promise<SessionRow | undefined>;
  /** Puts a new row. */
  create(creation: Creation, options: StoreCallOptions): Promise<WriteResult>;
  /** Writes data, counts the access, and renews the expiry where one is given. */
  save(change: Change, options: StoreCallOptions): Promise<WriteResult>;
  /** Renews the expiry. */
  touch(touch: Touch, options: StoreCallOptions): Promise<WriteResult>;
  /** Moves a session to another key. `found` is the row under the old key. */
  regenerate(regeneration: Regeneration, options: StoreCallOptions): Promise<WriteResult>;
  /** Deletes the row under this key, whatever it holds, and returns the row that was there; nothing if there was none. */
  destroy(key: string, options: DestroyOptions): Promise<SessionRow | undefined>;
}
