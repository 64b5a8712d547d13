import type { StoreAccess } from './invocation.js';
import type { SessionState } from './session-state.js';

/** Deletes the session's row at once, whatever anybody did to it. */
export async function destroySession(session: SessionState, { store, limits }: StoreAccess): Promise<void> {
  session.isDestroyed = true;
  session.isStored = false;
  await session.updates;
  const key = session.row?.key.S ?? session.key;
  const nobodyHasIt = session.row === undefined && session.idIsFresh;
  if (!nobodyHasIt) {
    await store.destroy(key, limits());
  }
}
