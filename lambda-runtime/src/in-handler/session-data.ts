import { writableSession } from './guards.js';
import { currentInvocation } from '../invocation/scope.js';
import type { SessionDataOf } from '../session/schema.js';

/**
 * The data of the current session; `null` until something is set. With a schema, `getSessionData<typeof schema>()` is typed
 * by it.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps
 */
export function getSessionData<T = unknown>(): SessionDataOf<T> | null {
  return currentInvocation('getSessionData').session.data as SessionDataOf<T> | null;
}

/**
 * Replaces the data of the current session. Saved when the handler has returned; with `update: false` only if the session
 * had no data before.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps, or when it has returned
 * @throws SessionError when the session is destroyed, and in a function that may only read sessions
 */
export function setSessionData<T = unknown>(data: SessionDataOf<T>): void {
  writableSession(currentInvocation('setSessionData')).data = data;
}
