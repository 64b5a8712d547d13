import { refuseAfterEnd, refuseAfterHead } from './guards.js';
import { SessionError } from '../errors.js';
import { sessionIdFromSeed } from '../ids/session-id.js';
import { currentInvocation } from '../invocation/scope.js';
import { loadById } from '../lifecycle/load.js';

/**
 * Replaces the current session by the one that belongs to a seed, for instance a user name or the name of a chat room: its
 * id is the SHA-256 of the seed in hex. What was set before is dropped. Costs one read.
 *
 * Whoever can guess the seed knows the id. Where ids come from clients, use seeds that only you know.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps, or when it has returned
 * @throws SessionStoreError if the session cannot be loaded
 * @throws SessionError if the seed is no text, or has an unpaired surrogate, as which many others would count
 */
export async function useSessionIdFromSeed(seed: string): Promise<void> {
  const invocation = currentInvocation('useSessionIdFromSeed');
  refuseAfterEnd(invocation);
  refuseAfterHead(invocation, 'useSessionIdFromSeed');
  refuseUnlessText(seed);
  await invocation.session.updates;
  const session = await loadById(sessionIdFromSeed(seed), invocation.access);
  refuseAfterEnd(invocation);
  refuseAfterHead(invocation, 'useSessionIdFromSeed');
  invocation.session = session;
}

/** UTF-8, of which the hash is made, cannot hold unpaired surrogates: all that differ in nothing else would have one session. */
function refuseUnlessText(seed: unknown): void {
  if (typeof seed !== 'string' || !(seed as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new SessionError('the seed of a session id must be a text without unpaired surrogates');
  }
}
