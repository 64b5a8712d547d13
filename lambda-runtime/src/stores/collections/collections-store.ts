import type { AttributeValue } from '../../dynamodb/values/attribute-value.js';
import type { GetOptions, StoreCallOptions } from '../call-options.js';

/**
 * One item of a collection, in DynamoDB's own notation: an item collection is all items with the same partition key, in the
 * order of their sort keys.
 *
 * @example
 * ```ts
 * import type { CollectionItem } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const item: CollectionItem = { collection: { S: 'room-5' }, item: { S: '0001' }, entries: { L: [{ S: 'hello' }] } };
 * ```
 */
export interface CollectionItem {
  /** S, partition key: the collection that the item belongs to */
  readonly collection: AttributeValue;
  /** S, sort key: unique within its collection; items are ordered by its UTF-8 bytes */
  readonly item: AttributeValue;
  /** N, epoch seconds: expiry; absent: never */
  readonly ttl?: AttributeValue;
  /** S: one token for each change that was made to the item since it was first put */
  readonly changes?: AttributeValue;
  readonly [attribute: string]: AttributeValue | undefined;
}

/**
 * Asks for items of one collection, in order.
 *
 * @example
 * ```ts
 * import type { CollectionQuery } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const newest: CollectionQuery = { collection: 'room-5', descending: true, limit: 1 };
 * ```
 */
export interface CollectionQuery {
  readonly collection: string;
  /** `true` returns the items in descending order of their sort key. */
  readonly descending?: boolean;
  /** Only items beyond this sort key, in the direction of the query. */
  readonly from?: string;
  /** The most items to return. */
  readonly limit?: number;
}

/**
 * Items in order, and where the next ones begin.
 *
 * @example
 * ```ts
 * import type { CollectionPage } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const isLast = (page: CollectionPage): boolean => page.next === undefined;
 * ```
 */
export interface CollectionPage {
  readonly items: readonly CollectionItem[];
  /** The value of `from` with which the query goes on; absent: there are no more items. */
  readonly next?: string;
}

/**
 * Puts or deletes one item, or only checks that it exists.
 *
 * @example
 * ```ts
 * import type { CollectionWrite } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const write: CollectionWrite = { put: { collection: { S: 'room-5' }, item: { S: '0001' } }, over: 'nothing' };
 * ```
 */
export type CollectionWrite =
  | {
    readonly put: CollectionItem;
    /**
     * What must be there: `'nothing'`, nothing or an item that expires `'earlier'`, or an item with the same `changes` as this one.
     *
     * @default anything or nothing
     */
    readonly over?: 'nothing' | 'earlier' | CollectionItem;
  }
  | { readonly delete: Pick<CollectionItem, 'collection' | 'item'> }
  | { readonly check: Pick<CollectionItem, 'collection' | 'item'> };

/**
 * Whether all of the writes were applied, or none of them.
 *
 * @example
 * ```ts
 * import type { CollectionWriteResult } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const failed = (result: CollectionWriteResult): number => (result.written ? 0 : result.failures.length);
 * ```
 */
export type CollectionWriteResult = { readonly written: true } | FailedCollectionWrite;

/**
 * Writes that were not applied, with those whose condition failed.
 *
 * @example
 * ```ts
 * import type { FailedCollectionWrite } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const lost: FailedCollectionWrite = { written: false, failures: [{ index: 0 }], mayBeApplied: false };
 * ```
 */
export interface FailedCollectionWrite {
  readonly written: false;
  /** The writes whose condition failed, by their index, with the item that was there instead, if any. */
  readonly failures: readonly { readonly index: number; readonly found?: CollectionItem }[];
  /** Whether the request was sent more than once, so that an earlier one may have been applied and its answer lost. */
  readonly mayBeApplied: boolean;
}

/**
 * Where things are kept that belong together and have an order: the entries of a conversation, the sessions of a user.
 * Optional: a `SessionStore` that has one returns it as its `collections`. Rejects with a `SessionStoreError` whatever it cannot do.
 *
 * @example
 * ```ts
 * import type { CollectionItem, CollectionsStore } from 'cdk-session-table/lambda-runtime/stores';
 *
 * async function latest(store: CollectionsStore, collection: string): Promise<CollectionItem | undefined> {
 *   const { items } = await store.query({ collection, descending: true, limit: 1 }, { consistentRead: true, timeLimitMs: 5_000 });
 *   return items[0];
 * }
 * ```
 */
export interface CollectionsStore {
  /** The items of a collection, expired or not. May return fewer than there are, and then says where to go on. */
  query(query: CollectionQuery, options: GetOptions): Promise<CollectionPage>;
  /** Applies all of these writes in one atomic step, or none of them. At most 100, each to another item. */
  write(writes: readonly CollectionWrite[], options: StoreCallOptions): Promise<CollectionWriteResult>;
}
