import { isExpired } from './expiry.js';
import type { Invocation, StoreAccess } from './invocation.js';
import { generateSessionId } from './session-id.js';
import { SessionState } from './session-state.js';

/** Loads the session of the id that was presented; a new one where none was, or an unknown one that is not to be adopted. */
export async function loadSession(invocation: Invocation): Promise<void> {
  const { presentedId, access } = invocation;
  const presented = presentedId === undefined ? undefined : await loadById(presentedId, access);
  const isUsable = presented !== undefined && (!presented.isNew || access.options.adoptsClientIds);
  invocation.session = isUsable ? presented : newSession(access);
}

/** The session of this id, new if the store has none that is live. */
export async function loadById(id: string, { store, options, limits, now }: StoreAccess): Promise<SessionState> {
  const row = await store.get(id, { ...limits(), consistentRead: options.consistentRead });
  const loadedAt = now();
  const isLive = row !== undefined && !isExpired(row, loadedAt, options);
  return new SessionState({ id, idIsFresh: false, loadedAt, ...(isLive ? { row } : { expiredRow: row }) });
}

function newSession({ now }: StoreAccess): SessionState {
  return new SessionState({ id: generateSessionId(), idIsFresh: true, loadedAt: now() });
}
