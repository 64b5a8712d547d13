import { SessionOptionsError } from '../errors.js';
import type { Invocation, PresentedId } from './invocation.js';
import { presentedByLink, readLink } from './websocket-links.js';
import { isUsableId } from '../ids/session-id.js';
import type { IdCandidate } from '../transports/transport.js';

/** How many of the ids that one request presents are looked up. */
const MOST_CANDIDATES = 4;

/**
 * Finds out with which ids the event asks for a session, the one that counts most first: by the option `sessionId`, a
 * WebSocket's link, or the transport, which finds several where cookies of one name have several scopes.
 */
export async function readId(invocation: Invocation): Promise<readonly PresentedId[]> {
  const { access: { options }, event, format, connection } = invocation;
  if (options.prepare !== undefined) {
    await options.prepare();
  }
  if (options.sessionId !== undefined) {
    return usable([idByEvent(options.sessionId, event)], invocation);
  }
  if (connection === undefined || connection.phase === 'connect') {
    const found = options.transport.readId(format.requestHead(event));
    return usable(Array.isArray(found) ? found : [found], invocation);
  }
  invocation.link = await readLink(connection.id, invocation.access);
  return presentedByLink(invocation.link);
}

function idByEvent(sessionId: (event: unknown) => unknown, event: unknown): unknown {
  const id = sessionId(event);
  if (id instanceof Promise) {
    throw new SessionOptionsError('the option sessionId must return the id immediately, not a promise');
  }
  return id;
}

function usable(found: readonly unknown[], { access: { options } }: Invocation): PresentedId[] {
  const byId = new Map<string, PresentedId>();
  for (const candidate of found) {
    const { id, isOutdated, isDue, keptFor } = (typeof candidate === 'object' && candidate !== null ? candidate : { id: candidate }) as IdCandidate;
    if (isUsableId(id) && !byId.has(id) && byId.size < MOST_CANDIDATES) {
      byId.set(id, { id, keys: options.keysOfId(id), isAdopted: options.adoptsClientIds, isOutdated, isDue, keptFor });
    }
  }
  return [...byId.values()];
}
