import { currentRow } from './failed-writes.js';
import { assertFitsItem } from './item-limit.js';
import type { Item } from '../dynamodb/values/attribute-value.js';
import { fitsItem } from '../dynamodb/values/item-size.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { dueExpiry, dueLimit } from '../session/expiry.js';
import type { Changes } from '../session/merging.js';
import type { SessionState } from '../session/session-state.js';
import type { SessionRow } from '../stores/session-row.js';
import type { NewExpiry } from '../stores/writes.js';

/** The save at the end of an invocation: of which session, what the handler changed, and into which store. */
export interface SaveOperation {
  readonly session: SessionState;
  readonly changes: Changes | undefined;
  readonly access: StoreAccess;
}

/** The expiry to write to the row. Unless they are touched, write-once sessions are not renewed. */
export function expiryToWrite({ session, access: { options } }: Omit<SaveOperation, 'changes'>, row: SessionRow, now: number): NewExpiry | undefined {
  if (session.isTouched) {
    return dueExpiry(row, now, { ...options, touchAfter: 0 });
  }
  return options.update ? dueExpiry(row, now, options) : dueLimit(row, now, options);
}

/**
 * The row to write to: the one that is known if what happens to it fits, else the row as it is now, from which another
 * invocation may have removed something.
 *
 * @throws SessionDataTooLargeError if it does not fit there either
 * @throws SessionConflictError if it no longer exists
 */
export function rowWithRoom(save: Omit<SaveOperation, 'changes'>, known: SessionRow, outcomeOn: (row: SessionRow) => SessionRow): SessionRow | Promise<SessionRow> {
  return fitsItem(outcomeOn(known) as Item) ? known : rowAsItIs(save, known, outcomeOn);
}

async function rowAsItIs(
  { session, access }: Omit<SaveOperation, 'changes'>, known: SessionRow, outcomeOn: (row: SessionRow) => SessionRow,
): Promise<SessionRow> {
  const found = await access.store.get(known.key.S!, { ...access.limits(), consistentRead: true });
  const current = await currentRow(session, known, { written: false, found, mayBeApplied: false }, access);
  assertFitsItem(outcomeOn(current));
  return current;
}
