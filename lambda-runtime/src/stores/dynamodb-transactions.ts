import { equal } from '../dynamodb/attribute-values.js';
import type { SessionRow, WriteResult } from './store.js';

/** Why one item of a transaction was refused, in the place of the item. */
interface CancellationReason {
  readonly Code?: string;
  readonly Item?: SessionRow;
}

/**
 * Whether a write met a transaction that has one of its items in hand, and may simply be sent again.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export function isTransactionConflict(error: unknown): boolean {
  const codes = reasonsOf(error).map(({ Code }) => Code);
  return (error as Error).name === 'TransactionConflictException'
    || (codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed'));
}

/**
 * What a failed regeneration found. That the new row is there already means that it was applied and its answer lost.
 *
 * @throws the error if it is no failed condition
 */
export function regenerationResult(row: SessionRow, error: unknown): WriteResult {
  const [put, departure] = reasonsOf(error);
  if (put?.Code === 'ConditionalCheckFailed' && equal(put.Item?.created_at, row.created_at)) {
    return { written: true };
  }
  if (departure?.Code === 'ConditionalCheckFailed') {
    return { written: false, found: departure.Item, mayBeApplied: false };
  }
  throw error;
}

function reasonsOf(error: unknown): readonly CancellationReason[] {
  return (error as { CancellationReasons?: readonly CancellationReason[] }).CancellationReasons ?? [];
}
