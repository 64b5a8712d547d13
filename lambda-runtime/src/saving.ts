import { equal } from './dynamodb/attribute-values.js';
import type { AttributeValue } from './dynamodb/dynamodb-client.js';
import { SessionConflictError } from './errors.js';
import { dueExpiry, expiryToBe, isExpired } from './expiry.js';
import type { StoreAccess } from './invocation.js';
import { assertFitsItem } from './item-limit.js';
import { chooseChange } from './merging.js';
import { pauseBeforeRetry } from './pause.js';
import { hasNoValue, isSameLife, isSameVersion, numberAttribute } from './session-row.js';
import { NO_DATA } from './session-state.js';
import type { SessionState } from './session-state.js';
import type { SessionRow } from './stores/store.js';

/**
 * Brings what an invocation did to its session into the store, by one write at most unless another invocation gets in its way.
 * Decides which write, and what its failed condition means; how it is sent is the store's business.
 *
 * @throws SessionConflictError if the session was deleted meanwhile and had changed data to save
 */
export async function saveSession(session: SessionState, access: StoreAccess): Promise<void> {
  const data = session.encodeData();
  if (session.row !== undefined) {
    await saveToRow(session, session.row, data, access);
  } else if (access.options.saveUninitialized || !equal(data, NO_DATA)) {
    await saveNew(session, data, access);
  }
}

async function saveNew(session: SessionState, data: AttributeValue, access: StoreAccess): Promise<void> {
  const row = newRow(session, data, access);
  assertFitsItem(row);
  let inTheWay = session.expiredRow;
  do {
    const result = await access.store.create({ row, replaces: inTheWay }, access.limits());
    if (result.written || session.idIsFresh || isOwnRow(result.found, row)) {
      session.isStored = true;
      return;
    }
    inTheWay = result.found;
  } while (inTheWay === undefined || isExpired(inTheWay, access.now(), access.options));
  await saveToRow(session, inTheWay, data, access);
}

async function saveToRow(session: SessionState, row: SessionRow, data: AttributeValue, access: StoreAccess): Promise<void> {
  session.isStored = true;
  if (!access.options.update) {
    await setFirstValue(session, row, data, access);
  } else if (!equal(data, session.loadedValue)) {
    await saveChanges(session, row, data, access);
  } else {
    await touchIfDue(session, row, access);
  }
}

/** Write-once: only a session that has no value yet takes one, and of two that race the first stands. */
async function setFirstValue(session: SessionState, row: SessionRow, data: AttributeValue, access: StoreAccess): Promise<void> {
  if (!hasNoValue(row) || equal(data, NO_DATA)) {
    return;
  }
  assertFitsItem({ ...row, value: data });
  const result = await access.store.save({ from: row, condition: 'no-value', value: data, now: access.now() }, access.limits());
  if (!result.written) {
    refuseIfGone(session, row, result.found);
  }
}

async function saveChanges(session: SessionState, row: SessionRow, data: AttributeValue, access: StoreAccess): Promise<void> {
  assertFitsItem({ ...row, value: data });
  let current = row;
  for (let round = 0; ; round++) {
    const now = access.now();
    const change = chooseChange(session.loadedValue, data, current);
    const result = await access.store.save({ ...change, expiresAt: dueExpiry(current, now, access.options), now }, access.limits());
    if (result.written) {
      return;
    }
    current = refuseIfGone(session, row, result.found);
    await pauseBeforeRetry(round);
  }
}

async function touchIfDue(session: SessionState, row: SessionRow, access: StoreAccess): Promise<void> {
  const expiresAt = dueExpiry(row, access.now(), access.options);
  if (expiresAt === undefined) {
    return;
  }
  const result = await access.store.touch({ from: row, expiresAt, now: session.loadedAt }, access.limits());
  session.isStored = result.written || (result.found !== undefined && isSameLife(result.found, row));
}

function newRow(session: SessionState, data: AttributeValue, { now, options }: StoreAccess): SessionRow {
  const createdAt = now();
  const expiresAt = expiryToBe(createdAt, createdAt, options);
  return {
    key: { S: session.id },
    value: data,
    created_at: numberAttribute(createdAt),
    access_counter: numberAttribute(1),
    ...(expiresAt !== undefined && { ttl: numberAttribute(expiresAt) }),
  };
}

/** Whether the row that is there is the one that was to be created: its answer was lost, and it was sent again. */
function isOwnRow(found: SessionRow | undefined, row: SessionRow): boolean {
  return found !== undefined && isSameLife(found, row) && isSameVersion(found, row) && equal(found.value, row.value);
}

/** The row as it is now, of the same life as the one that was loaded. */
function refuseIfGone(session: SessionState, loaded: SessionRow, found: SessionRow | undefined): SessionRow {
  if (found === undefined || !isSameLife(found, loaded)) {
    session.isStored = false;
    throw new SessionConflictError(
      'the session was deleted by another invocation while this one had it in hand; its changed data was not saved, and the session was not brought back',
    );
  }
  return found;
}
