import { SessionDataError } from '../errors.js';
import { generateSessionId } from '../ids/session-id.js';
import type { Invocation, StoreAccess } from '../invocation/invocation.js';
import { claimLink } from '../invocation/websocket-links.js';
import { isExpired } from '../session/expiry.js';
import { SessionState } from '../session/session-state.js';
import { isSameLife } from '../stores/session-row.js';

/** Loads the session of the id that was presented; a new one where none was, or an unknown one that is not to be adopted. */
export async function loadSession(invocation: Invocation): Promise<void> {
  const { access, connection } = invocation;
  const found = await loadPresented(invocation);
  if (found === undefined && connection?.phase === 'message' && !access.options.isReadOnly) {
    invocation.candidates = await claimLink(connection, invocation);
    invocation.session = await loadPresented(invocation) ?? newSession(access, true);
  } else {
    invocation.session = found ?? newSession(access, connection?.phase !== 'disconnect');
  }
}

/** Of the ids presented the first that the store knows; if it knows none, a new session of the first if that may be. */
async function loadPresented(invocation: Invocation): Promise<SessionState | undefined> {
  const { candidates, access } = invocation;
  let adopted: SessionState | undefined;
  for (const candidate of candidates) {
    for (const key of candidate.keys) {
      const session = await loadByKey(candidate.id, key, access);
      if (!session.isNew && (candidate.life === undefined || isSameLife(candidate.life, session.row!))) {
        invocation.presented = candidate;
        session.alsoPresented = candidates.filter((other) => other !== candidate).flatMap(({ keys }) => keys);
        return session;
      }
      adopted ??= session.isNew && candidate.isAdopted ? session : undefined;
    }
  }
  invocation.presented = candidates[0];
  return adopted;
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
