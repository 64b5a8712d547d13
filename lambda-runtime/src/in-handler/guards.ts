import { NoActiveSessionError, SessionError } from '../errors.js';
import type { Invocation } from '../invocation/invocation.js';
import { READ_ONLY_ADVICE } from '../lifecycle/read-only.js';
import type { SessionState } from '../session/session-state.js';

/** @throws NoActiveSessionError when the invocation has ended, SessionError while another session is being loaded */
export function readableSession(invocation: Invocation): SessionState {
  if (invocation.hasEnded) {
    throw new NoActiveSessionError('the invocation of this session has ended: call currentSession() in every invocation, and keep no session from one to the next');
  }
  invocation.refuseWithoutSession();
  return invocation.session;
}

/** @throws NoActiveSessionError when the session has been saved, SessionError in a function that may only read sessions */
export function writableSession(invocation: Invocation): SessionState {
  refuseAfterEnd(invocation);
  invocation.refuseWithoutSession();
  if (invocation.access.options.isReadOnly) {
    throw new SessionError(READ_ONLY_ADVICE);
  }
  return invocation.session;
}

/** @throws NoActiveSessionError when the session has been saved */
export function refuseAfterEnd({ hasEnded, isSealed }: Invocation): void {
  if (hasEnded || isSealed) {
    throw new NoActiveSessionError('the handler has returned, or has ended its response stream, and its session is saved: await all work on the session before that');
  }
}

/** @throws SessionError when the head of a streamed response has been sent */
export function refuseAfterHead({ headIsSent }: Invocation, caller: string): void {
  if (headIsSent) {
    throw new SessionError(`${caller}() was called too late: the response headers have already been sent; call it before the first write`);
  }
}
