import { createSession, isWorthARow, newRow } from './create-session.js';
import { MOST_STEPS, currentRow } from './failed-writes.js';
import { reportIgnoredChange } from './ignored-change.js';
import { assertFitsItem } from './item-limit.js';
import { expiryToWrite, rowWithRoom } from './save-operation.js';
import type { SaveOperation } from './save-operation.js';
import { saveToRow } from './save-to-row.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { applyChanges } from '../session/merging.js';
import { NO_DATA } from '../session/session-state.js';
import { withSignedIn } from '../session/signed-in.js';
import { changedRow } from '../stores/apply-write.js';
import { HASHED_KEY } from '../stores/foreign-row.js';
import { forwardingRow } from '../stores/forwarding-row.js';
import { hasNoValue, isForwardingRow, isLive } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { WriteResult } from '../stores/writes.js';

/** Saves a session under the new id that `regenerate` gave it. The row that was presented is worth nothing from then on. */
export async function moveSession(save: SaveOperation): Promise<void> {
  const { session } = save;
  const { row, leftBehind } = session;
  if (row === undefined) {
    await createInPlaceOfPresented(save);
  } else if (row.key.S === session.key) { // update(fn) has stored it under the new id already
    await endPresented(save);
    await saveToRow(save, row);
  } else if (leftBehind !== undefined) {
    await beginOwnSession(save, leftBehind);
  } else {
    await moveRow(save, row);
  }
}

async function moveRow(save: SaveOperation, row: SessionRow): Promise<void> {
  const { session, changes, access } = save;
  let current = row;
  for (let round = 0; session.leftBehind === undefined; round++) {
    const known = current;
    current = await rowWithRoom(save, known, (there) => successorOf(save, there));
    if (current.key.S !== known.key.S) {
      continue;
    }
    const successor = successorOf(save, current);
    const result = await move(current, successor, access);
    if (result.written) {
      session.createdAt = successor.created_at;
      session.expiryMoved ||= successor.ttl !== current.ttl;
      if (changes !== undefined && !takesChanges(current, access)) {
        reportIgnoredChange(session, access.options);
      }
      return;
    }
    current = await currentRow(session, current, result, access);
    await pauseBeforeRetry(round);
  }
  await beginOwnSession(save, session.leftBehind);
}

/**
 * Another invocation has moved the session, and its client gets the id: that id is not for this one to learn. So this one goes
 * on with a session of its own, made of what it had loaded and changed.
 */
async function beginOwnSession(save: SaveOperation, leftBehind: SessionRow): Promise<void> {
  const { session, access } = save;
  const row = withoutLogOfOthers(successorOf(save, leftBehind), session.movedTo!);
  assertFitsItem(row);
  for (let round = 0; ; round++) {
    const { movedTo } = session;
    const offspringOf = session.signedIn === undefined ? movedTo : undefined; // a sign-in may begin whatever happens to other sessions
    const result = await access.store.create({ row, offspringOf }, access.limits());
    if (result.written || result.found !== undefined) { // if it exists already, the answer to this creation was lost
      break;
    }
    const found = await access.store.get(movedTo!.key.S!, { ...access.limits(), consistentRead: true });
    const isStuck = round === MOST_STEPS; // its index item is missing
    await currentRow(session, movedTo!, { written: false, found: isStuck ? undefined : found, mayBeApplied: false }, access);
    await pauseBeforeRetry(round);
  }
  session.begin(row);
}

/** Conversations go on in the session that moved: who signs in to one of the two must not be read in the other. */
function withoutLogOfOthers(row: SessionRow, { user }: SessionRow): SessionRow {
  const { log_id, ...withoutLog } = row;
  return user !== undefined && equal(user, row.user) ? row : withoutLog;
}

/** A new session; but there may be a row of the presented id, which this invocation could not use and others can. */
async function createInPlaceOfPresented(save: SaveOperation): Promise<void> {
  const { session, access } = save;
  if (!isWorthARow(save)) {
    return endPresented(save);
  }
  let presented = await presentedRow(save);
  const row = newRow(save);
  for (let round = 0; presented !== undefined; round++) {
    const result = await move(presented, row, access);
    if (result.written) {
      return session.begin(row);
    }
    presented = usable(result.found, access);
    await pauseBeforeRetry(round);
  }
  await createSession(save);
}

async function endPresented(save: SaveOperation): Promise<void> {
  const presented = await presentedRow(save);
  if (presented !== undefined) {
    await save.access.store.destroy(presented.key.S!, save.access.limits());
  }
}

async function presentedRow({ session: { unusableRow, possibleKeys }, access }: SaveOperation): Promise<SessionRow | undefined> {
  const [presentedKey] = possibleKeys;
  const mayBeUnseen = unusableRow === undefined && presentedKey !== undefined && !access.options.consistentRead;
  const row = mayBeUnseen ? await access.store.get(presentedKey, { ...access.limits(), consistentRead: true }) : unusableRow;
  return usable(row, access);
}

/** The row, if another function could use it. */
function usable(row: SessionRow | undefined, { now }: StoreAccess): SessionRow | undefined {
  return row !== undefined && !isForwardingRow(row) && isLive(row, now()) ? row : undefined;
}

function move(from: SessionRow, row: SessionRow, { store, limits, now }: StoreAccess): Promise<WriteResult> {
  const time = now();
  return store.regenerate({ from, row, forwardingRow: forwardingRow(from, row.key.S!, time), now: time }, limits());
}

/** The row as it becomes under the new key. */
function successorOf(save: SaveOperation, there: SessionRow): SessionRow {
  const { session, access } = save;
  const row = withSignedIn(there, session.signedIn);
  const now = access.now();
  return {
    ...changedRow(row, { value: valueOn(save, row), expiresAt: expiryToWrite(save, row, now), now }),
    key: { S: session.key },
    ...(access.options.hashesIds && HASHED_KEY),
  };
}

function valueOn({ session, changes, access }: SaveOperation, row: SessionRow): AttributeValue {
  const there = row.value ?? NO_DATA;
  if (changes === undefined || !takesChanges(row, access)) {
    return there;
  }
  return session.hasMoved ? applyChanges(changes, there) : session.handled.merged(changes, there);
}

function takesChanges(row: SessionRow, { options }: StoreAccess): boolean {
  return options.update || hasNoValue(row);
}
