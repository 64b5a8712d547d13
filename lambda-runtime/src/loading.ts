import { isExpired } from './expiry.js';
import type { StoreAccess } from './store-access.js';
import { generateSessionId, isUsableId } from './session-id.js';
import { SessionState } from './session-state.js';

/** The session of the id that the client presents; a new one where that is no id, or an unknown one that is not to be adopted. */
export async function loadPresented(presentedId: string | undefined, access: StoreAccess): Promise<SessionState> {
  if (!isUsableId(presentedId)) {
    return newSession(access);
  }
  const session = await loadById(presentedId, access);
  return session.isNew && !access.options.adoptsClientIds ? newSession(access) : session;
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
