import { readableSession, writableSession } from './guards.js';
import { currentInvocation } from '../invocation/scope.js';
import type { SessionDataOf } from '../session/schema.js';

/**
 * The data of the current session; `null` until something is set. With a schema, `getSessionData<typeof schema>()` is typed
 * by it.
 *
 * @example
 * ```ts
 * import { getSessionData, session } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async () => {
 *   const name = getSessionData<{ name: string }>()?.name ?? 'nobody';
 *   return { statusCode: 200, body: `hello ${name}` };
 * }, { update: true, ttl: 15 * 60 });
 * ```
 *
 * @throws NoActiveSessionError outside a handler wrapped by `session()`, and when its invocation has ended
 * @throws SessionError while `useSessionIdFromSeed()` is loading another session
 */
export function getSessionData<T = unknown>(): SessionDataOf<T> | null {
  return readableSession(currentInvocation('getSessionData')).data as SessionDataOf<T> | null;
}

/**
 * Replaces the data of the current session. It is saved when the handler has returned; with `update: false` only if the
 * session had no data before.
 *
 * @example
 * ```ts
 * import { session, setSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async (event: { body: string }) => {
 *   setSessionData({ name: event.body });
 *   return { statusCode: 204 };
 * }, { update: true, ttl: 15 * 60 });
 * ```
 *
 * @throws NoActiveSessionError outside a handler wrapped by `session()`, and when the handler has returned
 * @throws SessionError if the session was destroyed, in a function that may only read sessions, and while
 *   `useSessionIdFromSeed()` is loading another session
 */
export function setSessionData<T = unknown>(data: SessionDataOf<T>): void {
  writableSession(currentInvocation('setSessionData')).data = data;
}
