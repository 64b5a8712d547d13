import { currentInvocation, reserveSlot } from '../invocation/scope.js';

/** A place for a session in the asynchronous context that reserved it. */
export interface AmbientSession {
  /** Called in a handler that `session()` wraps: gives its session to the code outside. */
  fill(): void;
  /** Takes it away again. */
  empty(): void;
}

/**
 * For adapters to frameworks that call the user's handler themselves, so that `session()` cannot: reserves a place in which
 * the code that follows in this asynchronous context, up to the caller's, is to find a session. The adapter then runs a
 * handler of its own under `session()`, which fills the place and ends when the user's handler has ended.
 *
 * Call it before anything is awaited: what an asynchronous function reserves later, its caller does not see.
 */
export function ambientSession(): AmbientSession {
  const slot = reserveSlot();
  return {
    fill() {
      slot.invocation = currentInvocation('fill');
    },
    empty() {
      slot.invocation = undefined;
    },
  };
}
