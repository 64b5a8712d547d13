import { SessionOptionsError } from './errors.js';
import type { ResponseHead } from './http-head.js';
import type { Invocation, PresentedId } from './invocation.js';
import type { SaveOutcome } from './saving.js';
import { isUsableId } from './session-id.js';
import { readLink, writeLink } from './websocket-links.js';

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

/** Tells the client its session id, or to forget it: in the response, or by the link of its WebSocket. */
export async function writeId(invocation: Invocation, result: unknown): Promise<unknown> {
  const { connection } = invocation;
  if (connection !== undefined && !invocation.access.options.isReadOnly) {
    await writeLink(connection, invocation);
  }
  const isAnswered = connection === undefined || connection.phase === 'connect';
  return isAnswered ? tell(invocation, invocation.session, result) : result;
}

/** Tells it in the metadata of a streamed response, before the session is saved. */
export function writeIdAhead(invocation: Invocation, expected: SaveOutcome, metadata: object): unknown {
  return tell(invocation, expected, metadata);
}

function tell(invocation: Invocation, outcome: SaveOutcome, result: unknown): unknown {
  const head = newsOfId(invocation, outcome);
  return isEmpty(head) ? result : invocation.format.respond(result, head);
}

function newsOfId({ access: { options: { transport } }, presented, session }: Invocation, { isStored, expiryMoved }: SaveOutcome): ResponseHead {
  if (session.isDestroyed) {
    return transport.clearId();
  }
  return isStored
    ? transport.writeId({ id: session.id, isNewToClient: session.id !== presented?.id, expiryMoved })
    : NO_NEWS;
}

const NO_NEWS: ResponseHead = { headers: {}, cookies: [] };

function isEmpty({ headers, cookies }: ResponseHead): boolean {
  return Object.keys(headers).length === 0 && cookies.length === 0;
}
