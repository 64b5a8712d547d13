import type { CollectionWrite } from './collections/collections-store.js';
import type { SessionRow } from './session-row.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';

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
