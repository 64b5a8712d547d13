import { keptFromCaches } from './cache-control.js';
import type { Invocation } from './invocation.js';
import { writeLink } from './websocket-links.js';
import type { ResolvedOptions } from '../configuration/resolve-options.js';
import type { Answer } from '../events/event-format.js';
import { expiryToBe, policyOf } from '../session/expiry.js';
import type { SaveOutcome, SessionState } from '../session/session-state.js';
import { readEpochSeconds } from '../stores/session-row.js';
import type { ResponseHead } from '../transports/http-head.js';

/** Sends the client its session id, or asks it to forget it: in the response, or by the link of its WebSocket. */
export function writeId(invocation: Invocation, answer: Answer | undefined, result: unknown): unknown {
  const { connection, session, access: { options } } = invocation;
  const response = () => (answer === undefined ? undefined : withId(invocation, session, answer)) ?? result;
  if (connection === undefined) {
    return response();
  }
  const linked = options.isReadOnly ? Promise.resolve() : writeLink(connection, invocation);
  return linked.then(() => (connection.phase === 'connect' ? response() : result));
}

/** Sends it in the metadata of a streamed response, before the session is saved. */
export function writeIdAhead(invocation: Invocation, expected: SaveOutcome, answer: Answer | undefined, metadata: object): unknown {
  return answer === undefined ? metadata : withId(invocation, expected, answer) ?? metadata;
}

/** `undefined`: there is nothing to add. */
function withId(invocation: Invocation, outcome: SaveOutcome, answer: Answer): unknown {
  const head = sessionHead(invocation, outcome);
  if (isEmpty(head)) {
    return undefined;
  }
  const isCacheable = invocation.format.isHttp && invocation.access.options.preventCaching;
  return answer.add(isCacheable ? keptFromCaches(head, answer) : head);
}

function sessionHead(invocation: Invocation, { isStored, expiryMoved }: SaveOutcome): ResponseHead {
  const { access: { options }, format, event, session } = invocation;
  if (session.isDestroyed) {
    return options.transport.clearId(format.requestHead(event));
  }
  return isStored ? idHead(invocation, session, expiryMoved) : EMPTY_HEAD;
}

/** Whether the answer sends a cookie although the session is unchanged, as the client would lose it otherwise. */
export function sendsCookieAgain(invocation: Invocation, session: SessionState): boolean {
  return invocation.format.isHttp && idHead(invocation, session, false).cookies.length > 0;
}

function idHead({ access: { options, now }, presented }: Invocation, session: SessionState, expiryMoved: boolean): ResponseHead {
  const { isOutdated = false, isDue, keptFor } = presented ?? {};
  const isNewToClient = session.id !== presented?.id;
  return options.transport.writeId({ id: session.id, isNewToClient, expiryMoved, isOutdated, isDue, keptFor, ...ownMaxAge(session, now(), options) });
}

/** As long as browsers keep a cookie at most, in seconds. */
const FOUR_HUNDRED_DAYS = 400 * 24 * 3600;

/** For how long the client keeps the id of a session that has its own times. */
function ownMaxAge(session: SessionState, now: number, options: ResolvedOptions): { readonly maxAge?: number } {
  const times = session.signedIn ?? session.row;
  if (times?.own_ttl === undefined) {
    return {};
  }
  const expiresAt = expiryToBe(readEpochSeconds(session.createdAt) ?? now, now, policyOf(times, options));
  return { maxAge: expiresAt === undefined ? FOUR_HUNDRED_DAYS : Math.max(0, Math.floor(expiresAt - now)) };
}

const EMPTY_HEAD: ResponseHead = { headers: {}, cookies: [] };

function isEmpty({ headers, cookies }: ResponseHead): boolean {
  return Object.keys(headers).length === 0 && cookies.length === 0;
}
