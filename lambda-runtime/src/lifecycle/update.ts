import { takeFreshId } from './create-session.js';
import { currentRow, followed, rowInTheWay } from './failed-writes.js';
import { firstRowOf } from './first-row-of.js';
import type { AttributeValue, Item } from '../dynamodb/values/attribute-value.js';
import { fitsItem } from '../dynamodb/values/item-size.js';
import { SessionError, SessionOptionsError, SessionStoreError } from '../errors.js';
import { assertFitsItem } from './item-limit.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { crypto, types } from '../platform/node-modules.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { dueExpiry, isExpired } from '../session/expiry.js';
import { applyChanges, changesBetween } from '../session/merging.js';
import type { Changes } from '../session/merging.js';
import { NO_DATA } from '../session/session-state.js';
import type { SessionState } from '../session/session-state.js';
import { changedRow } from '../stores/apply-write.js';
import { isForwardingRow, readNumber } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { FailedWrite, WriteResult } from '../stores/writes.js';

/**
 * Computes new data from the committed data: returns it, or nothing after changing its argument. May run several times.
 *
 * @example
 * ```ts
 * import { currentSession } from 'cdk-session-table/lambda-runtime';
 * import type { SessionUpdate } from 'cdk-session-table/lambda-runtime';
 *
 * const addTea: SessionUpdate<string[] | null> = (items) => [...(items ?? []), 'tea'];
 * await currentSession<string[]>().update(addTea);
 * ```
 */
export type Update<T> = (data: T) => T | void;

/** How many writes a row remembers. */
const LOG_LENGTH = 32;
const TOKEN_LENGTH = 8;

/**
 * Reads, modifies and writes the data in one step as seen by everybody else. Updates of one invocation run one after the other.
 *
 * @returns the committed data
 * @throws SessionConflictError if the session was deleted, or has expired
 * @throws SessionStoreError also where it cannot be known whether the update was applied
 */
export function updateSession(session: SessionState, update: Update<unknown>, access: StoreAccess): Promise<unknown> {
  if (!access.options.update) {
    throw new SessionOptionsError('update(fn) needs the option update: true; without it the first value set is permanent');
  }
  session.refuseIfDestroyed();
  session.refuseIfHeadLacksId();
  return session.updates.inTurn(() => commitUpdate(session, update, access));
}

async function commitUpdate(session: SessionState, update: Update<unknown>, access: StoreAccess): Promise<unknown> {
  let current = session.row;
  let replaces = session.replaceableRow;
  for (let round = 0; ; round++) {
    const pending = session.handled.pendingChanges();
    const value = applied(update, session, pending.changes, current);
    const token = crypto().randomBytes(6).toString('base64url');
    const attempt = current === undefined
      ? creation(session, value, token, replaces, access)
      : change(current, value, token, access);
    if (current !== undefined && round === 0 && !fitsItem(attempt.row as Item)) { // another invocation may have removed something
      const found = await access.store.get(current.key.S!, { ...access.limits(), consistentRead: true });
      current = await currentRow(session, current, { written: false, found, mayBeApplied: false }, access);
      continue;
    }
    assertFitsItem(attempt.row);
    session.idIsFresh &&= current !== undefined; // after a creation that failed, an existing row was not made by the save
    session.possibleKeys.add(attempt.row.key.S!);
    const result = await attempt.send();
    const failed = result.written ? undefined : await followed(result, access);
    if (failed === undefined || hasToken(failed.found, token)) {
      session.expiryMoved ||= attempt.row.ttl !== current?.ttl;
      const committed = failed?.found ?? attempt.row;
      keepUpWithMove(session, current, attempt.row, committed);
      session.adopt(committed, pending);
      return session.handlerData(value).data;
    }
    refuseIfUnknown(failed, current);
    if (current !== undefined) {
      current = await currentRow(session, current, failed, access);
    } else {
      const inTheWay = rowInTheWay(result as FailedWrite);
      if (isExpired(inTheWay, access.now(), access.options)) {
        replaces = inTheWay;
      } else if (isForwardingRow(inTheWay)) {
        takeFreshId({ session, access });
        replaces = undefined;
      } else {
        current = inTheWay;
      }
    }
    await pauseBeforeRetry(round);
  }
}

/** Where the session has moved, or moves now: what was committed there also belongs to what this invocation began with. */
function keepUpWithMove(session: SessionState, before: SessionRow | undefined, sent: SessionRow, committed: SessionRow): void {
  const { leftBehind } = session;
  if (leftBehind !== undefined && before !== undefined) {
    const changes = changesBetween(before.value ?? NO_DATA, before.value ?? NO_DATA, sent.value!);
    session.leftBehind = { ...leftBehind, value: changes === undefined ? leftBehind.value : applyChanges(changes, leftBehind.value ?? NO_DATA) };
  }
  if (committed.key.S !== sent.key.S) {
    session.follow(committed, sent);
  }
}

interface Attempt {
  /** The row as it will be. */
  readonly row: SessionRow;
  send(): Promise<WriteResult>;
}

function creation(session: SessionState, value: AttributeValue, token: string, replaces: SessionRow | undefined, access: StoreAccess): Attempt {
  const row = { ...firstRowOf(session, value, access), write_log: { S: token } };
  return { row, send: () => access.store.create({ row, replaces }, access.limits()) };
}

function change(from: SessionRow, value: AttributeValue, token: string, { store, options, limits, now }: StoreAccess): Attempt {
  const writeLog = (token + (from.write_log?.S ?? '')).slice(0, LOG_LENGTH * TOKEN_LENGTH);
  const time = now();
  const save = { from, condition: 'same-version', value, writeLog, expiresAt: dueExpiry(from, time, options), now: time } as const;
  return { row: changedRow(from, save), send: () => store.save(save, limits()) };
}

/** What the update makes of what is committed, with the changes on it that this invocation has not saved yet. */
function applied(update: Update<unknown>, session: SessionState, pending: Changes | undefined, current: SessionRow | undefined): AttributeValue {
  const committed = current?.value ?? NO_DATA;
  const merged = pending === undefined ? committed : applyChanges(pending, committed);
  const handed = session.handlerData(merged);
  const result: unknown = update(handed.data);
  if (types.isPromise(result)) {
    result.catch(() => undefined); // that it is a promise is the error to report, not what happens to it
    throw new SessionError('update(fn) takes a function that returns its result immediately, not a promise: it may have to run again');
  }
  if (result !== undefined) {
    handed.data = result;
  }
  return handed.changes()?.value ?? merged;
}

function hasToken(row: SessionRow | undefined, token: string): boolean {
  const log = row?.write_log?.S ?? '';
  return Array.from({ length: log.length / TOKEN_LENGTH }, (_, i) => log.slice(i * TOKEN_LENGTH, (i + 1) * TOKEN_LENGTH)).includes(token);
}

/** After so many other writes a token may have been forgotten, and with it that the write was applied. */
function refuseIfUnknown({ found, mayBeApplied }: FailedWrite, current: SessionRow | undefined): void {
  const versionsPassed = (readNumber(found?.access_counter) ?? 0) - (readNumber(current?.access_counter) ?? 0);
  if (mayBeApplied && versionsPassed >= LOG_LENGTH) {
    throw new SessionStoreError('an update of the session was sent more than once, and so many others came in between that it cannot be known whether it was applied');
  }
}
