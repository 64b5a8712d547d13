import { followed, isOwnRow, rowInTheWay } from './failed-writes.js';
import { firstRowOf } from './first-row-of.js';
import { assertFitsItem } from './item-limit.js';
import type { SaveOperation } from './save-operation.js';
import { saveToRow } from './save-to-row.js';
import { generateSessionId } from '../ids/session-id.js';
import { isExpired } from '../session/expiry.js';
import { NO_DATA } from '../session/session-state.js';
import { isForwardingRow } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/** Whether a new session is stored at all. */
export function isWorthARow({ session, changes, access: { options } }: SaveOperation): boolean {
  const isWorthAnEmptyRow = options.saveUninitialized && session.isWorthAnEmptyRow && !session.needsData;
  return session.isReachable && (isWorthAnEmptyRow || changes !== undefined || session.signedIn !== undefined);
}

/** The row of a new session. */
export function newRow({ session, changes, access }: SaveOperation): SessionRow {
  const row = firstRowOf(session, changes?.value ?? NO_DATA, access);
  assertFitsItem(row);
  return row;
}

/** Stores a new session. Where another invocation has stored it in the meantime, saves to that one. */
export async function createSession(save: SaveOperation): Promise<void> {
  if (!isWorthARow(save)) {
    return;
  }
  const { session, access } = save;
  const row = newRow(save);
  let result = await access.store.create({ row, replaces: session.replaceableRow }, access.limits());
  while (!result.written && !session.idIsFresh && !isOwnRow(result, row)) {
    const inTheWay = rowInTheWay(result);
    if (isForwardingRow(inTheWay) && !isExpired(inTheWay, access.now(), access.options)) {
      const { found } = await followed(result, access);
      return isOwnRow({ ...result, found }, row) ? session.follow(found!, row) : createUnderFreshId(save);
    }
    if (!isExpired(inTheWay, access.now(), access.options)) {
      session.isStored = true;
      session.createdAt = inTheWay.created_at;
      return saveToRow(save, inTheWay);
    }
    result = await access.store.create({ row, replaces: inTheWay }, access.limits());
  }
  session.begin(row);
}

/** The id is nobody's any more: another invocation has created a session with it and moved that to another id. */
async function createUnderFreshId(save: SaveOperation): Promise<void> {
  if (save.changes !== undefined) {
    takeFreshId(save);
    await createSession(save);
  }
}

export function takeFreshId({ session, access: { options } }: Omit<SaveOperation, 'changes'>): void {
  const id = generateSessionId();
  session.takeId(id, options.keyOfId(id));
}
