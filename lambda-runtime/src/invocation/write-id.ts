import type { Invocation } from './invocation.js';
import { writeLink } from './websocket-links.js';
import type { SaveOutcome } from '../session/session-state.js';
import type { ResponseHead } from '../transports/http-head.js';

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
