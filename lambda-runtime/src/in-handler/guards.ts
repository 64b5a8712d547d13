import { NoActiveSessionError, SessionError } from '../errors.js';
import type { Invocation } from '../invocation/invocation.js';
import { READ_ONLY_ADVICE } from '../lifecycle/read-only.js';
import type { SessionState } from '../session/session-state.js';

/** @throws NoActiveSessionError when the handler has returned */
export function refuseAfterEnd({ hasEnded }: Invocation): void {
  if (hasEnded) {
    throw new NoActiveSessionError('the handler has returned and its session is saved: await all work on the session before returning');
  }
}

/** @throws NoActiveSessionError when the handler has returned, SessionError in a function that may only read sessions */
export function writableSession(invocation: Invocation): SessionState {
  refuseAfterEnd(invocation);
  if (invocation.access.options.isReadOnly) {
    throw new SessionError(READ_ONLY_ADVICE);
  }
  return invocation.session;
}

/** @throws SessionError when the head of a streamed response is out */
export function refuseAfterHead({ headIsSent }: Invocation, caller: string): void {
  if (headIsSent) {
    throw new SessionError(`${caller}() comes too late: the response has begun, and the client cannot be told of it any more; call it before the first write`);
  }
}
