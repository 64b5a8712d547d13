import type { Item } from '../../dynamodb/values/attribute-value.js';
import { equal } from '../../dynamodb/values/attribute-values.js';
import type { SessionRow } from '../session-row.js';
import type { WriteResult } from '../writes.js';

/** Why one item of a transaction was refused, in the place of the item. */
export interface CancellationReason {
  readonly Code?: string;
  readonly Item?: Item;
}

const FAILED = 'ConditionalCheckFailed';

/**
 * Temporary reasons: another transaction is writing the item, or the table is throttled.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const PASSING_REASONS: ReadonlySet<string | undefined> = new Set(['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError']);

/**
 * Whether a write was refused because a transaction is writing its item, or is a transaction that was refused for a temporary
 * reason: it was not applied, and may simply be sent again.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export function isTransactionConflict(error: unknown): boolean {
  const reasons = reasonsOf(error).map(({ Code }) => Code).filter((code) => code !== 'None');
  return (error as Error).name === 'TransactionConflictException' || (reasons.length > 0 && reasons.every((code) => PASSING_REASONS.has(code)));
}

/**
 * What the failed transaction found that puts a row under a new key and, as its second item, a forwarding row over the old one if
 * there is one. If the new row, or a forwarding row to it, exists already, then it was applied and its answer lost.
 *
 * @throws the error if it is not a failed condition
 */
export function transactionResult(row: SessionRow, rows: number, error: unknown): WriteResult {
  const reasons = reasonsOf(error);
  const [put, departure] = reasons.slice(0, rows);
  const isApplied = (put?.Code === FAILED && put.Item?.created_at !== undefined && equal(put.Item.created_at, row.created_at))
    || (departure?.Item !== undefined && equal(departure.Item.moved_to, row.key));
  if (isApplied) {
    return { written: true };
  }
  const refused = rows === 1 ? put : departure;
  if (refused?.Code === FAILED || reasons.slice(rows).some(({ Code }) => Code === FAILED)) {
    return { written: false, found: refused?.Item as SessionRow | undefined, mayBeApplied: false };
  }
  throw error;
}

/** Why a transaction was refused, for each of its items; empty if the error is something else. */
export function reasonsOf(error: unknown): readonly CancellationReason[] {
  return (error as { CancellationReasons?: readonly CancellationReason[] }).CancellationReasons ?? [];
}
