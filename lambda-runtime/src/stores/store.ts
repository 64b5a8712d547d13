import type { CollectionsStore } from './collections/collections-store.js';
import type { CollectionsTable } from './collections/collections-table.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';

/**
 * A session as it is kept: the item on the table in DynamoDB's own notation. Every store keeps and returns this, so that
 * data is converted only when a handler looks at it, and compared without being converted.
 *
 * A row that was made by hand may have nothing but its key.
 */
export interface SessionRow {
  /** S: the session id, or its hash */
  readonly key: AttributeValue;
  /** any type: the session data; NULL until something is set */
  readonly value?: AttributeValue;
  /** N, epoch seconds: tells one life of a session from the next */
  readonly created_at?: AttributeValue;
  /** N: the version, one more with every save */
  readonly access_counter?: AttributeValue;
  /** N, epoch seconds: expiry; absent: never */
  readonly ttl?: AttributeValue;
  /** S: the newest write tokens of `update(fn)` */
  readonly write_log?: AttributeValue;
  /** what others put there; left alone */
  readonly [attribute: string]: AttributeValue | undefined;
}

/** What every call to a store takes. */
export interface StoreCallOptions {
  /** How long the call may take, retries included, in milliseconds. */
  readonly timeLimitMs: number;
}

export interface GetOptions extends StoreCallOptions {
  /** Whether the read sees every write that came before it. */
  readonly consistentRead: boolean;
}

/** Where a new row may be put: where no row is or, if given, in the place of exactly this (expired) one. */
export interface Creation {
  readonly row: SessionRow;
  readonly replaces?: SessionRow;
}

/**
 * What must hold for a change, beside that the row still lives the life (`created_at`) of the row it was made from:
 *
 * - `any-value`: nothing else
 * - `no-value`: nothing was ever set
 * - `map`: the data there is a map, of which single fields can be written
 * - `same-version`: nobody saved since (`access_counter`)
 */
export type ChangeCondition = 'any-value' | 'no-value' | 'map' | 'same-version';

/** A save of an existing row: the whole `value`, or single `fields` of the map that it is, or neither. */
export interface Change {
  /** The row that the change was made from. */
  readonly from: SessionRow;
  readonly condition: ChangeCondition;
  readonly value?: AttributeValue;
  readonly fields?: FieldChanges;
  /** More attributes of the row to set, by their names; those not given stay. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** The new expiry in epoch seconds; not given: stays. */
  readonly expiresAt?: number;
  /** Epoch seconds; becomes `created_at` of a row that has none. */
  readonly now: number;
  /** The write log to be; not given: stays. */
  readonly writeLog?: string;
}

export interface FieldChanges {
  readonly set: Readonly<Record<string, AttributeValue>>;
  readonly remove: readonly string[];
}

/** A new expiry, nothing else. Not applied to a row that has expired by `now` or lives another life. */
export interface Touch {
  readonly from: SessionRow;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Epoch seconds. */
  readonly now: number;
}

/** A row under another key, in one step: `row` is put where none is, and `from` deleted if nobody saved to it since. */
export interface Regeneration {
  readonly from: SessionRow;
  readonly row: SessionRow;
}

/** Whether a conditional write was applied. */
export type WriteResult = { readonly written: true } | FailedWrite;

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
 */
export interface SessionStore {
  /**
   * Where conversations and the sessions of users are kept: a store of collections, or a DynamoDB table and a client for it.
   * Optional; without it those functions throw a `SessionStoreNotSetError`.
   */
  readonly collections?: CollectionsStore | CollectionsTable;
  /** The row of this key, expired or not. */
  get(key: string, options: GetOptions): Promise<SessionRow | undefined>;
  /** Puts a new row. */
  create(creation: Creation, options: StoreCallOptions): Promise<WriteResult>;
  /** Writes data, counts the access, and renews the expiry where one is given. */
  save(change: Change, options: StoreCallOptions): Promise<WriteResult>;
  /** Renews the expiry. */
  touch(touch: Touch, options: StoreCallOptions): Promise<WriteResult>;
  /** Replaces the row by one of another key. `found` is what is there under the old one. */
  regenerate(regeneration: Regeneration, options: StoreCallOptions): Promise<WriteResult>;
  /** Deletes the row, whatever it is; it is no error if there is none. */
  destroy(key: string, options: StoreCallOptions): Promise<void>;
}
