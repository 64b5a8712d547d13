import { SessionDataError } from '../errors.js';
import { generateSessionId } from '../ids/session-id.js';
import type { Invocation, PresentedId, StoreAccess } from '../invocation/invocation.js';
import { claimLink } from '../invocation/websocket-links.js';
import { sendsCookieAgain } from '../invocation/write-id.js';
import { isExpired } from '../session/expiry.js';
import type { SessionOrigin } from '../session/session-origin.js';
import { SessionState } from '../session/session-state.js';
import { isForeign } from '../stores/foreign-row.js';
import { destinationOf } from '../stores/forwarding-row.js';
import { isForwardingRow, isSameLife } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/** What the presented ids lead to. */
interface Search {
  /** The session that may go on with one of them. */
  readonly session?: SessionState;
  /** What a new session under a fresh id has to know. */
  readonly otherwise: Pick<SessionOrigin, 'presentedKeys' | 'unusableRow' | 'needsData'>;
}

/** Loads the session of the presented id; begins a new one if there is none, or if the id is unknown and not accepted. */
export async function loadSession(invocation: Invocation): Promise<void> {
  const { access, connection } = invocation;
  const { session, otherwise } = presented(invocation, await search(invocation.candidates, access));
  if (session === undefined && connection?.phase === 'message' && !access.options.isReadOnly) {
    invocation.candidates = await claimLink(connection, invocation);
    const { session: begun } = presented(invocation, await search(invocation.candidates, access, otherwise));
    invocation.session = begun ?? newSession(access, otherwise);
  } else {
    invocation.session = session ?? newSession(access, { ...otherwise, isReachable: connection?.phase !== 'disconnect' });
  }
}

/** The session of an id that everybody may use, new if the store has none that is live. */
export async function loadById(id: string, access: StoreAccess): Promise<SessionState> {
  const { session, otherwise } = await search([{ id, keys: access.options.keysOfId(id), isAdopted: true }], access);
  return session ?? newSession(access, otherwise);
}

/** Notes which of the ids it was. */
function presented(invocation: Invocation, found: Search): Search {
  const { candidates } = invocation;
  const { session } = found;
  invocation.presented = candidates.find(({ id }) => id === session?.id) ?? candidates[0];
  if (session !== undefined) {
    session.isSentAgain = () => sendsCookieAgain(invocation, session);
  }
  return found;
}

/** The first of the ids that the store knows; if it knows none, a new session of the first if that may be. */
async function search(candidates: readonly PresentedId[], access: StoreAccess, before: Search['otherwise'] = {}): Promise<Search> {
  const { store, options, limits, now } = access;
  const lookups = candidates.flatMap((candidate) => candidate.keys.map((key) => ({ ...candidate, key })));
  const otherwise = { ...before, presentedKeys: [...before.presentedKeys ?? []] };
  const moved = new Set<string>();
  let adopted: SessionOrigin | undefined;
  for (const [index, { id, key, life, isAdopted }] of lookups.entries()) {
    const row = await store.get(key, { ...limits(), consistentRead: options.consistentRead });
    if (row !== undefined && isForeign(row, options.hashesIds)) {
      continue;
    }
    const loadedAt = now();
    const origin = { id, key, idIsFresh: false, loadedAt, schema: options.schema };
    const session = row !== undefined && !moved.has(id) && isUsable(row, loadedAt, access) ? new SessionState({ ...origin, row }) : undefined;
    if (session !== undefined && (!options.invalidIsNew || isReadable(session)) && (life === undefined || isSameLife(row!, life))) {
      session.addPresentedKeys(otherwise.presentedKeys, lookups.slice(index + 1).map((other) => other.key));
      return { session, otherwise };
    }
    otherwise.presentedKeys.push(key);
    otherwise.unusableRow ??= row;
    if (destinationOf(row, loadedAt) !== undefined) {
      moved.add(id);
      adopted = adopted?.id === id ? undefined : adopted;
    } else if (isAdopted && !moved.has(id)) {
      adopted ??= { ...origin, unusableRow: row };
    }
  }
  otherwise.needsData ||= moved.size > 0;
  return { session: adopted && new SessionState({ ...otherwise, ...adopted }), otherwise };
}

function isUsable(row: SessionRow, now: number, { options }: StoreAccess): boolean {
  return !isForwardingRow(row) && !isExpired(row, now, options);
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

function newSession({ options, now }: StoreAccess, circumstances: Partial<SessionOrigin>): SessionState {
  const id = generateSessionId();
  return new SessionState({ id, key: options.keyOfId(id), idIsFresh: true, loadedAt: now(), schema: options.schema, ...circumstances });
}
