import type { DestroyOptions, GetOptions, StoreCallOptions } from './call-options.js';
import type { CollectionsStore, CollectionWrite } from './collections/collections-store.js';
import type { CollectionsTable } from './collections/collections-table.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';

/**
 * A session as it is kept: the item on the table in DynamoDB's own notation. Every store keeps and returns this, so that
 * data is converted only when a handler looks at it, and compared without being converted.
 *
 * A row that was made manually may have nothing but its key.
 *
 * @example
 * ```ts
 * import type { SessionRow } from 'cdk-session-table/lambda-runtime';
 *
 * const row: SessionRow = { key: { S: 'client-made-id' }, value: { M: { name: { S: 'Ada' } } }, ttl: { N: '1800000000' } };
 * ```
 */
export interface SessionRow {
  /** S: the session id, or its hash */
  readonly key: AttributeValue;
  /** any type: the session data; NULL until something is set */
  readonly value?: AttributeValue;
  /** N, epoch seconds: distinguishes one life of a session from the next */
  readonly created_at?: AttributeValue;
  /** N: the version, one more with every save */
  readonly access_counter?: AttributeValue;
  /** N, epoch seconds: expiry; absent: never */
  readonly ttl?: AttributeValue;
  /** S: the newest write tokens of `update(fn)` */
  readonly write_log?: AttributeValue;
  /** BOOL, true: the row had no `created_at` until its first write added one */
  readonly adopted?: AttributeValue;
  /** S, only in a forwarding row: the key of the row that the session has now */
  readonly moved_to?: AttributeValue;
  /** what others put there; left alone */
  readonly [attribute: string]: AttributeValue | undefined;
}

/**
 * Where a new row may be put: where no row is or, if given, in the place of exactly this (expired) one.
 *
 * @example
 * ```ts
 * import type { Creation } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const creation: Creation = { row: { key: { S: 'id' }, value: { NULL: true } } };
 * ```
 */
export interface Creation {
  readonly row: SessionRow;
  readonly replaces?: SessionRow;
  /** The row of the session that this one is made of: if that belongs to a user, it must not have been ended. A store need not look at it. */
  readonly offspringOf?: SessionRow;
  /** What is written to the collections, or checked there, in the same step. Only a store with `collections` is asked to. */
  readonly beside?: readonly CollectionWrite[];
}

/**
 * A new expiry in epoch seconds, or `'never'`: the row loses the expiry it has.
 *
 * @example
 * ```ts
 * import type { NewExpiry } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const seconds = (expiresAt: NewExpiry): string => (expiresAt === 'never' ? '0' : `${expiresAt}`);
 * ```
 */
export type NewExpiry = number | 'never';

/**
 * What must hold for a change, apart from the row having the same life (`created_at`) as the row it was made from, and not
 * having expired:
 *
 * - `any-value`: nothing else
 * - `no-value`: no data was ever set
 * - `map`: the data in the row is a map, so that single fields can be written
 * - `same-version`: nobody has saved since (`access_counter`)
 *
 * @example
 * ```ts
 * import type { ChangeCondition } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const isStrict = (condition: ChangeCondition): boolean => condition === 'same-version';
 * ```
 */
export type ChangeCondition = 'any-value' | 'no-value' | 'map' | 'same-version';

/**
 * A save of an existing row: the whole `value`, or single `fields` of the map that it is, or neither.
 *
 * @example
 * ```ts
 * import type { Change } from 'cdk-session-table/lambda-runtime/stores';
 *
 * function namesOfChanged({ fields }: Change): string[] {
 *   return [...Object.keys(fields?.set ?? {}), ...(fields?.remove ?? [])];
 * }
 * ```
 */
export interface Change {
  /** The row that the change was made from. */
  readonly from: SessionRow;
  readonly condition: ChangeCondition;
  readonly value?: AttributeValue;
  readonly fields?: FieldChanges;
  /** More attributes of the row to set, by their names; those not given stay. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** The new expiry; left out: the expiry stays as it is. */
  readonly expiresAt?: NewExpiry;
  /** Epoch seconds. The change is refused if the row has expired by then; a row without `created_at` gets it from here. */
  readonly now: number;
  /** The write log to be; not given: stays. */
  readonly writeLog?: string;
}

/**
 * The fields of a map that change, by name.
 *
 * @example
 * ```ts
 * import type { FieldChanges } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const fields: FieldChanges = { set: { name: { S: 'Ada' } }, remove: ['nickname'] };
 * ```
 */
export interface FieldChanges {
  readonly set: Readonly<Record<string, AttributeValue>>;
  readonly remove: readonly string[];
}

/**
 * A new expiry, nothing else. Refused if the row has expired by `now` or has another life.
 *
 * @example
 * ```ts
 * import type { Touch } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const key = ({ from }: Touch): string => from.key.S!;
 * ```
 */
export interface Touch {
  readonly from: SessionRow;
  readonly expiresAt: NewExpiry;
  /** As for a `Change`. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Epoch seconds; a row without `created_at` gets it from here. */
  readonly now: number;
}

/**
 * A session that moves to another key, in one step: `row` is put where no row exists, and `forwardingRow` in place of `from`.
 * Refused if somebody saved to `from` in the meantime, or if it has expired by `now`.
 *
 * @example
 * ```ts
 * import type { Regeneration } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const newKey = ({ row }: Regeneration): string => row.key.S!;
 * ```
 */
export interface Regeneration {
  readonly from: SessionRow;
  readonly row: SessionRow;
  /** Has the key of `from`. */
  readonly forwardingRow: SessionRow;
  /** As for a `Creation`. */
  readonly beside?: readonly CollectionWrite[];
  /** Epoch seconds. */
  readonly now: number;
}

/**
 * Whether a conditional write was applied.
 *
 * @example
 * ```ts
 * import type { WriteResult } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const succeeded = (result: WriteResult): boolean => result.written;
 * ```
 */
export type WriteResult = { readonly written: true } | FailedWrite;

/**
 * A write that was not applied, or of which that is not known.
 *
 * @example
 * ```ts
 * import type { FailedWrite } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const lost: FailedWrite = { written: false, mayBeApplied: false };
 * ```
 */
export interface FailedWrite {
  readonly written: false;
  /** The row on which the condition failed; none: there is no row. */
  readonly found?: SessionRow;
  /** Whether the write was sent more than once, so that an earlier one may have been applied and its answer lost. */
  readonly mayBeApplied: boolean;
}

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
