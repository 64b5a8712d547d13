import { createSession, isWorthARow } from './create-session.js';
import { refuseChanges } from './read-only.js';
import { expiryToWrite } from './save-operation.js';
import { confirmStored, saveToRow } from './save-to-row.js';
import type { StoreAccess } from '../invocation/invocation.js';
import type { SaveOutcome, SessionState } from '../session/session-state.js';

/**
 * Brings what an invocation did to its session into the store, with one write unless another invocation gets in its way.
 * Decides which write, and what its failed condition means; how it is sent is up to the store.
 *
 * @throws SessionConflictError if the session ended in the meantime and there was something to save
 */
export async function saveSession(session: SessionState, access: StoreAccess): Promise<void> {
  await session.updates.last;
  if (session.isDestroyed) {
    return;
  }
  const save = { session, changes: session.handled.changes(), access };
  if (access.options.isReadOnly) {
    refuseChanges(save.changes);
    await (session.row && confirmStored(save, session.row));
  } else if (session.saveUnderNewId !== undefined) {
    await session.saveUnderNewId();
  } else {
    await (session.row === undefined ? createSession(save) : saveToRow(save, session.row));
    session.isStored &&= !session.hasMoved; // to an id that is not for this client to learn
  }
}

/**
 * What a save would make of the session now: for streamed responses, whose head is sent before it. A renewal that is due
 * counts in any case, since data may still change.
 */
export function expectedSave(session: SessionState, access: StoreAccess): SaveOutcome {
  const { row } = session;
  if (row === undefined) {
    const isStored = isWorthARow({ session, changes: session.handled.changes(), access });
    return { isStored, expiryMoved: isStored };
  }
  const isStored = !session.hasMoved || session.saveUnderNewId !== undefined;
  return { isStored, expiryMoved: session.expiryMoved || expiryToWrite({ session, access }, row, access.now()) !== undefined };
}
