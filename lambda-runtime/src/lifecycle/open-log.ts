import { takeFreshId } from './create-session.js';
import { currentRow, rowInTheWay } from './failed-writes.js';
import { firstRowOf } from './first-row-of.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { crypto } from '../platform/node-modules.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { isExpired } from '../session/expiry.js';
import { NO_DATA } from '../session/session-state.js';
import type { SessionState } from '../session/session-state.js';
import { changedRow } from '../stores/apply-write.js';
import { isForwardingRow, isSameLife, isSameVersion } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { WriteResult } from '../stores/writes.js';

/**
 * The id of the session's log of conversations. The first call of a session's life makes it and stores it on the session's
 * row, which it creates if there is none yet: what is appended to the log must be found again.
 *
 * @throws SessionConflictError if the session was deleted, or expired, in the meantime
 */
export async function openLog(session: SessionState, access: StoreAccess): Promise<string> {
  session.refuseIfDestroyed();
  session.refuseIfHeadLacksId();
  session.logId ??= session.updates.inTurn(() => existingLogId(session) ?? storeLogId(session, access));
  try {
    return await session.logId;
  } catch (error) {
    session.logId = undefined; // the next call may try again
    throw error;
  }
}

/** The id of the session's log, if it has one. */
export async function knownLogId(session: SessionState): Promise<string | undefined> {
  return await session.logId?.catch(() => undefined) ?? session.row?.log_id?.S;
}

function existingLogId({ row }: SessionState): Promise<string> | undefined {
  return row?.log_id?.S === undefined ? undefined : Promise.resolve(row.log_id.S);
}

/** If several invocations give the session a log, the first one wins. */
async function storeLogId(session: SessionState, access: StoreAccess): Promise<string> {
  const attributes = { log_id: { S: crypto().randomBytes(16).toString('base64url') } };
  let current = session.row;
  let replaces = session.replaceableRow;
  for (let round = 0; ; round++) {
    const { row, send } = current === undefined ? creation(session, attributes, replaces, access) : change(current, attributes, access);
    session.idIsFresh &&= current !== undefined; // a row that is there from now on is not for the save to create
    session.possibleKeys.add(row.key.S!);
    const result = await send();
    const there = result.written ? row : current === undefined ? rowInTheWay(result) : await currentRow(session, current, result, access);
    if (current === undefined && isExpired(there, access.now(), access.options)) {
      replaces = there;
    } else if (isForwardingRow(there)) { // another invocation has created the session, and moved it
      takeFreshId({ session, access });
      replaces = undefined;
    } else if (there.log_id !== undefined) {
      session.isStored = true;
      goOnFrom(session, current, row, there);
      return there.log_id.S!;
    } else {
      current = there;
    }
    await pauseBeforeRetry(round);
  }
}

interface Attempt {
  /** The row as it will be. */
  readonly row: SessionRow;
  send(): Promise<WriteResult>;
}

function creation(session: SessionState, attributes: object, replaces: SessionRow | undefined, access: StoreAccess): Attempt {
  const row = { ...firstRowOf(session, NO_DATA, access), ...attributes };
  return { row, send: () => access.store.create({ row, replaces }, access.limits()) };
}

function change(from: SessionRow, attributes: Readonly<Record<string, AttributeValue>>, { store, now, limits }: StoreAccess): Attempt {
  const save = { from, condition: 'same-version', attributes, now: now() } as const;
  return { row: changedRow(from, save), send: () => store.save(save, limits()) };
}

/**
 * Conditions the save at the end on the row that is there, if nothing but this was done to it since it was loaded. Otherwise
 * the save works it out: what the handler has seen, and changes, is the data as it was loaded.
 */
function goOnFrom(session: SessionState, from: SessionRow | undefined, written: SessionRow, there: SessionRow): void {
  if (from === session.row && isSameLife(there, written) && isSameVersion(there, written) && equal(there.log_id, written.log_id)) {
    session.expiryMoved ||= from === undefined;
    session.row = written;
  }
}
