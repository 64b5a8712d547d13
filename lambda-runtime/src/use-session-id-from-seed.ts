import { currentInvocation, refuseAfterEnd } from './current-session.js';
import { loadById } from './loading.js';
import { sessionIdFromSeed } from './session-id.js';

/**
 * Replaces the current session by the one that belongs to a seed, for instance a user name or the name of a chat room: its
 * id is the SHA-256 of the seed in hex. What was set before is dropped. Costs one read.
 *
 * Whoever can guess the seed knows the id. Where ids come from clients, use seeds that only you know.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps, or when it has returned
 * @throws SessionStoreError if the session cannot be loaded
 */
export async function useSessionIdFromSeed(seed: string): Promise<void> {
  const invocation = currentInvocation('useSessionIdFromSeed');
  refuseAfterEnd(invocation);
  await invocation.session.updates;
  const session = await loadById(sessionIdFromSeed(seed), invocation.access);
  refuseAfterEnd(invocation);
  invocation.session = session;
}
