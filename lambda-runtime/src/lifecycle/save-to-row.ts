import { currentRow } from './failed-writes.js';
import { reportIgnoredChange } from './ignored-change.js';
import { expiryToWrite, rowWithRoom } from './save-operation.js';
import type { SaveOperation } from './save-operation.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { dueLimit, isExpired } from '../session/expiry.js';
import { chooseChange } from '../session/merging.js';
import type { Changes } from '../session/merging.js';
import { NO_DATA } from '../session/session-state.js';
import { hasNoValue, isSameLife } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/** Saves to a row that exists: the changes, or nothing but the expiry where that is due. */
export function saveToRow(save: SaveOperation, row: SessionRow): Promise<void> {
  if (save.changes === undefined) {
    return touchIfDue(save, row);
  }
  return save.access.options.update ? saveChanges(save, row, save.changes) : saveFirstValue(save, row, save.changes);
}

async function saveChanges(save: SaveOperation, row: SessionRow, changes: Changes): Promise<void> {
  const { session, access } = save;
  let current = row;
  for (let round = 0; ; round++) {
    const room = rowWithRoom(save, current, (there) => ({ ...there, value: session.handled.merged(changes, there.value ?? NO_DATA) }));
    current = room instanceof Promise ? await room : room;
    const now = access.now();
    const expiresAt = expiryToWrite(save, current, now);
    const result = await access.store.save({ ...chooseChange(changes, current), expiresAt, now }, access.limits());
    if (result.written) {
      session.expiryMoved ||= expiresAt !== undefined;
      return;
    }
    current = await currentRow(session, current, result, access);
    await pauseBeforeRetry(round);
  }
}

/** Write-once: only a session that has no value yet takes one, and of two that race the first stands. */
async function saveFirstValue(save: SaveOperation, row: SessionRow, { value }: Changes): Promise<void> {
  const { session, access } = save;
  let current = row;
  while (hasNoValue(current)) {
    current = await rowWithRoom(save, current, (there) => (hasNoValue(there) ? { ...there, value } : there));
    const now = access.now();
    const expiresAt = expiryToWrite(save, current, now);
    const result = await access.store.save({ from: current, condition: 'no-value', value, expiresAt, now }, access.limits());
    if (result.written) {
      session.expiryMoved ||= expiresAt !== undefined;
      return;
    }
    current = await currentRow(session, current, result, access);
  }
  await touchIfDue(save, current);
  if (!equal(current.value, value)) {
    reportIgnoredChange(session, access.options);
  }
}

/** A session that ended in the meantime, or moved, is not renewed, and the client is not sent its id. */
async function touchIfDue(save: SaveOperation, row: SessionRow): Promise<void> {
  const { session, access } = save;
  const { store, options, limits } = access;
  const now = access.now();
  const expiresAt = session.isTouched || options.rolling ? expiryToWrite(save, row, now) : dueLimit(row, now, options);
  if (expiresAt === undefined) {
    return confirmStored(save, row);
  }
  const result = await store.touch({ from: row, expiresAt, now }, limits());
  session.expiryMoved ||= result.written;
  session.isStored = result.written || isStillThere(result.found, row, access);
}

/** An id that is sent again although nothing was written may be a former one by now: it must not replace the one of a login, or undo a logout. */
export async function confirmStored({ session, access }: Omit<SaveOperation, 'changes'>, row: SessionRow): Promise<void> {
  if (session.isSentAgain?.()) {
    const found = await access.store.get(row.key.S!, { ...access.limits(), consistentRead: true });
    session.isStored = isStillThere(found, row, access);
  }
}

function isStillThere(found: SessionRow | undefined, row: SessionRow, { options, now }: StoreAccess): boolean {
  return found !== undefined && isSameLife(found, row) && !isExpired(found, now(), options);
}
