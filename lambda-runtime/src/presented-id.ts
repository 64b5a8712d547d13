import type { Invocation, PresentedId } from './invocation.js';
import { isUsableId } from './session-id.js';
import { readLink, writeLink } from './websocket-links.js';

/** Finds out with which id the event asks for a session: by the option `sessionId`, a WebSocket's link, or the transport. */
export async function readId(invocation: Invocation): Promise<void> {
  const { access: { options }, event, format, connection } = invocation;
  if (options.sessionId !== undefined) {
    invocation.presented = presentedBy(options.sessionId(event), true, invocation);
  } else if (connection !== undefined && connection.phase !== 'connect') {
    invocation.presented = await readLink(connection.id, invocation.access);
  } else {
    invocation.presented = presentedBy(options.transport.readId(format.requestHead(event)), options.adoptsClientIds, invocation);
  }
}

function presentedBy(id: unknown, isAdopted: boolean, { access: { options } }: Invocation): PresentedId | undefined {
  return isUsableId(id) ? { id, key: options.keyOfId(id), isAdopted } : undefined;
}

/** Tells the client its session id, or to forget it: in the response, or by the link of its WebSocket. */
export async function writeId(invocation: Invocation, result: unknown): Promise<unknown> {
  const { access, format, presented, session, connection } = invocation;
  const { transport } = access.options;
  if (connection !== undefined) {
    await writeLink(connection, presented, session, access);
  }
  if (session.isDestroyed) {
    return format.respond(result, transport.clearId());
  }
  if (!session.isStored) {
    return result;
  }
  return format.respond(result, transport.writeId({
    id: session.id,
    isNewToClient: session.id !== presented?.id,
    expiryMoved: session.expiryMoved,
  }));
}
