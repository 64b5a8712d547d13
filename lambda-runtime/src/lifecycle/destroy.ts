import type { StoreAccess } from '../invocation/invocation.js';
import type { SessionState } from '../session/session-state.js';

/** Deletes the session's row at once, whatever anybody did to it. The save at the end waits for it. */
export function destroySession(session: SessionState, access: StoreAccess): Promise<void> {
  session.isDestroyed = true;
  return session.inTurn(() => deleteRow(session, access));
}

async function deleteRow(session: SessionState, { store, limits }: StoreAccess): Promise<void> {
  session.isStored = false;
  const key = session.row?.key.S ?? session.key;
  await Promise.all(session.alsoPresented.map((other) => store.destroy(other, limits())));
  const nobodyHasIt = session.row === undefined && session.idIsFresh;
  if (!nobodyHasIt) {
    await store.destroy(key, limits());
  }
}
