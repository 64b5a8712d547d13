import { SessionDataError } from '../errors.js';
import { generateSessionId } from '../ids/session-id.js';
import type { Invocation, StoreAccess } from '../invocation/invocation.js';
import { isExpired } from '../session/expiry.js';
import { SessionState } from '../session/session-state.js';

/** Loads the session of the id that was presented; a new one where none was, or an unknown one that is not to be adopted. */
export async function loadSession(invocation: Invocation): Promise<void> {
  const { presented, access, connection } = invocation;
  const session = presented === undefined ? undefined : await loadByKey(presented.id, presented.key, access);
  const isUsable = session !== undefined && (!session.isNew || presented!.isAdopted);
  invocation.session = isUsable ? session : newSession(access, connection?.phase !== 'disconnect');
}

/** The session of an id that everybody may use, new if the store has none that is live. */
export async function loadById(id: string, access: StoreAccess): Promise<SessionState> {
  return loadByKey(id, access.options.keyOfId(id), access);
}

async function loadByKey(id: string, key: string, { store, options, limits, now }: StoreAccess): Promise<SessionState> {
  const found = await store.get(key, { ...limits(), consistentRead: options.consistentRead });
  const loadedAt = now();
  const origin = { id, key, idIsFresh: false, loadedAt, schema: options.schema };
  if (found === undefined || isExpired(found, loadedAt, options)) {
    return new SessionState({ ...origin, expiredRow: found });
  }
  const session = new SessionState({ ...origin, row: found });
  return !options.invalidIsNew || isReadable(session) ? session : new SessionState({ ...origin, expiredRow: found });
}

/** Whether the schema takes the data. Unless that decides which session it is, it is found out when the handler reads the data. */
function isReadable(session: SessionState): boolean {
  try {
    void session.data;
    return true;
  } catch (error) {
    if (error instanceof SessionDataError) {
      return false;
    }
    throw error;
  }
}

function newSession({ options, now }: StoreAccess, isReachable: boolean): SessionState {
  const id = generateSessionId();
  return new SessionState({ id, key: options.keyOfId(id), idIsFresh: true, loadedAt: now(), schema: options.schema, isReachable });
}
