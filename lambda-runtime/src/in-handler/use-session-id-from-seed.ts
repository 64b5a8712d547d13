import { refuseAfterEnd, refuseAfterHead } from './guards.js';
import { SessionError } from '../errors.js';
import { sessionIdFromSeed } from '../ids/session-id.js';
import type { Invocation } from '../invocation/invocation.js';
import { currentInvocation } from '../invocation/scope.js';
import { loadById } from '../lifecycle/load.js';
import { isText } from '../platform/text.js';
import type { SessionState } from '../session/session-state.js';
import type { SessionTransport } from '../transports/transport.js';

/**
 * Switches to the session derived from a seed, for example a user name or the name of a chat room: its id is the SHA-256 of
 * the seed in hex. What was set before is dropped. Costs one read.
 *
 * Await it. Until it has finished, the session can be neither read nor changed, and a handler that returns before fails. If
 * the session cannot be loaded the invocation fails, even if the handler catches the error.
 *
 * Whoever can guess the seed knows the id. Where ids come from clients, use seeds that only you know. With cookies, ids must
 * be signed (`cookieTransport({ secrets })`), so that knowing the id is not enough.
 *
 * @example
 * ```ts
 * import { currentSession, session, useSessionIdFromSeed } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async (event: { room: string; message: string }) => {
 *   await useSessionIdFromSeed(event.room);
 *   return currentSession<string[]>().update((messages) => [...(messages ?? []), event.message]);
 * }, { update: true, ttl: 7 * 24 * 60 * 60 });
 * ```
 *
 * @throws NoActiveSessionError outside a handler wrapped by `session()`, and when the handler has returned
 * @throws SessionStoreError if the session cannot be loaded
 * @throws SessionError if the seed is not a string or has an unpaired surrogate, if the session travels in an unsigned cookie,
 *   if an earlier call has not finished, and when the headers of a streamed response have been sent
 */
export function useSessionIdFromSeed(seed: string): Promise<void> {
  // Not an async function: what is wrong with the call is thrown into the handler even if nobody awaits the promise.
  const invocation = currentInvocation('useSessionIdFromSeed');
  refuseAfterEnd(invocation);
  refuseAfterHead(invocation, 'useSessionIdFromSeed');
  refuseUnlessText(seed);
  refuseInUnsignedCookie(invocation.access.options.transport);
  return replaceSession(invocation, async () => {
    await invocation.session.updates.last;
    return loadById(sessionIdFromSeed(seed), invocation.access);
  });
}

/** Loads another session in the place of the current one, which nobody must use from now on. */
function replaceSession(invocation: Invocation, load: () => Promise<SessionState>): Promise<void> {
  if (invocation.unusable?.isLoading) {
    throw invocation.unusable.reason;
  }
  invocation.unusable = { isLoading: true, reason: new SessionError(NOT_AWAITED) };
  const replacement = load().then(
    (session) => {
      invocation.session = session;
      invocation.unusable = undefined;
    },
    (reason: unknown) => {
      invocation.unusable = { isLoading: false, reason };
      throw reason;
    },
  );
  // The handler may not have awaited it. Its failure ends the invocation, and must not end the process.
  invocation.replacement = replacement.catch((reason: unknown) => reason);
  return replacement;
}

const NOT_AWAITED = 'useSessionIdFromSeed() has not finished: await it before you use the session and before the handler returns';

/** In an unsigned cookie, whoever guesses the seed could present the id. */
function refuseInUnsignedCookie({ signsIds }: SessionTransport): void {
  if (signsIds === false) {
    throw new SessionError(
      'useSessionIdFromSeed() needs signed cookies: anybody who guesses the seed could open the session; pass secrets to cookieTransport(), or send the id in a header',
    );
  }
}

/** UTF-8, which is hashed, cannot hold unpaired surrogates: all seeds that differ only in those would share one session. */
function refuseUnlessText(seed: unknown): void {
  if (!isText(seed)) {
    throw new SessionError('the seed of a session id must be a string without unpaired surrogates');
  }
}
