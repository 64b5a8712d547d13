import { isOwnRow, refuseIfGone, rowInTheWay } from './failed-writes.js';
import { reportIgnoredChange } from './ignored-change.js';
import { assertFitsItem } from './item-limit.js';
import { refuseChanges } from './read-only.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { dueExpiry, isExpired } from '../session/expiry.js';
import { firstRow } from '../session/first-row.js';
import { chooseChange } from '../session/merging.js';
import type { Changes } from '../session/merging.js';
import { NO_DATA } from '../session/session-state.js';
import type { SaveOutcome, SessionState } from '../session/session-state.js';
import { applyChange } from '../stores/apply-write.js';
import { hasNoValue, isSameLife } from '../stores/session-row.js';
import type { SessionRow } from '../stores/store.js';

/**
 * Brings what an invocation did to its session into the store, by one write at most unless another invocation gets in its way.
 * Decides which write, and what its failed condition means; how it is sent is the store's business.
 *
 * @throws SessionConflictError if the session was deleted meanwhile and had something to save
 */
export async function saveSession(session: SessionState, access: StoreAccess): Promise<void> {
  await session.updates;
  if (session.isDestroyed) {
    return;
  }
  const changes = session.changes();
  if (access.options.isReadOnly) {
    refuseChanges(changes);
  } else if (session.row === undefined) {
    if (isWorthARow(session, changes, access)) {
      await saveNew(session, changes, access);
    }
  } else if (session.isRegenerated) {
    await saveUnderNewKey(session, session.row, changes, access);
  } else {
    await saveToRow(session, session.row, changes, access);
  }
}

/**
 * What a save would make of the session now: for streamed responses, whose head is sent before it. A renewal that is due
 * counts in any case, since data may still change.
 */
export function expectedSave(session: SessionState, access: StoreAccess): SaveOutcome {
  const { row } = session;
  if (row === undefined) {
    const isStored = isWorthARow(session, session.changes(), access);
    return { isStored, expiryMoved: isStored };
  }
  return { isStored: true, expiryMoved: session.expiryMoved || expiryToWrite(session, row, access.now(), access) !== undefined };
}

function isWorthARow({ isReachable, isWorthAnEmptyRow }: SessionState, changes: Changes | undefined, { options }: StoreAccess): boolean {
  return isReachable && ((options.saveUninitialized && isWorthAnEmptyRow) || changes !== undefined);
}

async function saveNew(session: SessionState, changes: Changes | undefined, access: StoreAccess): Promise<void> {
  const row = firstRow(session.key, changes?.value ?? NO_DATA, session.loadedAt, access.now(), access.options);
  assertFitsItem(row);
  let result = await access.store.create({ row, replaces: session.expiredRow }, access.limits());
  while (!result.written && !session.idIsFresh && !isOwnRow(result, row)) {
    const inTheWay = rowInTheWay(result);
    if (!isExpired(inTheWay, access.now(), access.options)) {
      session.isStored = true;
      session.createdAt = inTheWay.created_at;
      return saveToRow(session, inTheWay, changes, access);
    }
    result = await access.store.create({ row, replaces: inTheWay }, access.limits());
  }
  session.isStored = true;
  session.createdAt = row.created_at;
  session.expiryMoved = true;
}

async function saveToRow(session: SessionState, row: SessionRow, changes: Changes | undefined, access: StoreAccess): Promise<void> {
  if (changes === undefined) {
    await touchIfDue(session, row, access);
  } else if (access.options.update) {
    await saveChanges(session, row, changes, access);
  } else {
    await saveFirstValue(session, row, changes, access);
  }
}

async function saveChanges(session: SessionState, row: SessionRow, changes: Changes, access: StoreAccess): Promise<void> {
  let current = row;
  for (let round = 0; ; round++) {
    assertFitsItem({ ...current, value: session.merged(changes, current.value ?? NO_DATA) });
    const now = access.now();
    const expiresAt = expiryToWrite(session, current, now, access);
    const change = { ...chooseChange(changes, current), expiresAt, now };
    const result = await access.store.save(change, access.limits());
    if (result.written) {
      session.expiryMoved ||= expiresAt !== undefined;
      return;
    }
    current = refuseIfGone(session, row, result);
    await pauseBeforeRetry(round);
  }
}

/** Write-once: only a session that has no value yet takes one, and of two that race the first stands. */
async function saveFirstValue(session: SessionState, row: SessionRow, { value }: Changes, access: StoreAccess): Promise<void> {
  let current = row;
  if (hasNoValue(row)) {
    assertFitsItem({ ...row, value });
    const now = access.now();
    const expiresAt = expiryToWrite(session, row, now, access);
    const result = await access.store.save({ from: row, condition: 'no-value', value, expiresAt, now }, access.limits());
    if (result.written) {
      session.expiryMoved ||= expiresAt !== undefined;
      return;
    }
    current = refuseIfGone(session, row, result);
  }
  await touchIfDue(session, row, access);
  if (!equal(current.value, value)) {
    reportIgnoredChange(session, access.options);
  }
}

async function touchIfDue(session: SessionState, row: SessionRow, access: StoreAccess): Promise<void> {
  const expiresAt = session.isTouched || access.options.rolling ? expiryToWrite(session, row, access.now(), access) : undefined;
  if (expiresAt === undefined) {
    return;
  }
  const result = await access.store.touch({ from: row, expiresAt, now: session.loadedAt }, access.limits());
  session.expiryMoved ||= result.written;
  session.isStored = result.written || (result.found !== undefined && isSameLife(result.found, row));
}

async function saveUnderNewKey(session: SessionState, row: SessionRow, changes: Changes | undefined, access: StoreAccess): Promise<void> {
  let current = row;
  for (let round = 0; ; round++) {
    const now = access.now();
    const value = dataUnderNewKey(session, changes, current, access);
    const expiresAt = expiryToWrite(session, current, now, access);
    const changed = applyChange(current, { from: current, condition: 'any-value', value, expiresAt, now })!;
    const successor = { ...changed, key: { S: session.key } };
    assertFitsItem(successor);
    const result = await access.store.regenerate({ from: current, row: successor }, access.limits());
    if (result.written) {
      session.expiryMoved ||= expiresAt !== undefined;
      if (changes !== undefined && !takesChanges(current, access)) {
        reportIgnoredChange(session, access.options);
      }
      return;
    }
    current = refuseIfGone(session, row, result);
    await pauseBeforeRetry(round);
  }
}

function dataUnderNewKey(session: SessionState, changes: Changes | undefined, current: SessionRow, access: StoreAccess): AttributeValue {
  const there = current.value ?? NO_DATA;
  return changes !== undefined && takesChanges(current, access) ? session.merged(changes, there) : there;
}

function takesChanges(row: SessionRow, { options }: StoreAccess): boolean {
  return options.update || hasNoValue(row);
}

/** Unless they are touched, write-once sessions are not renewed. */
function expiryToWrite(session: SessionState, row: SessionRow, now: number, { options }: StoreAccess): number | undefined {
  if (session.isTouched) {
    return dueExpiry(row, now, { ...options, touchAfter: 0 });
  }
  return options.update ? dueExpiry(row, now, options) : undefined;
}
