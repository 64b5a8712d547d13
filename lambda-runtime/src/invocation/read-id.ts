import { SessionOptionsError } from '../errors.js';
import type { Invocation, PresentedId } from './invocation.js';
import { readLink } from './websocket-links.js';
import { isUsableId } from '../ids/session-id.js';

/** Finds out with which id the event asks for a session: by the option `sessionId`, a WebSocket's link, or the transport. */
export async function readId(invocation: Invocation): Promise<void> {
  const { access, event, format, connection } = invocation;
  const { options } = access;
  if (options.sessionId !== undefined) {
    invocation.presented = presentedBy(idByEvent(options.sessionId, event), true, invocation);
  } else if (connection === undefined || connection.phase === 'connect') {
    invocation.presented = presentedBy(options.transport.readId(format.requestHead(event)), options.adoptsClientIds, invocation);
  } else {
    invocation.link = await readLink(connection.id, access);
    invocation.presented = presentedByLink(invocation.link?.value?.S);
  }
}

function idByEvent(sessionId: (event: unknown) => unknown, event: unknown): unknown {
  const id = sessionId(event);
  if (id instanceof Promise) {
    throw new SessionOptionsError('the option sessionId must return the id at once, not a promise');
  }
  return id;
}

function presentedBy(id: unknown, isAdopted: boolean, { access: { options } }: Invocation): PresentedId | undefined {
  return isUsableId(id) ? { id, key: options.keyOfId(id), isAdopted } : undefined;
}

/** A link knows no more of the id than the table does: where ids are hashed, the hash. */
function presentedByLink(key: string | undefined): PresentedId | undefined {
  return key === undefined ? undefined : { id: key, key, isAdopted: false };
}
