/**
 * The base of all errors of this library: `error instanceof SessionError`.
 *
 * @example
 * ```ts
 * import { SessionError } from 'cdk-session-table/lambda-runtime';
 *
 * const isOurs = (error: unknown): boolean => error instanceof SessionError;
 * ```
 */
export class SessionError extends Error {
  override readonly name: string = 'SessionError';
}

/**
 * No store is configured: no table in the environment, none by `initSessionStore`, `useStore` or the option `store`.
 *
 * @example
 * ```ts
 * import { SessionStoreNotSetError } from 'cdk-session-table/lambda-runtime';
 *
 * declare const handle: (event: unknown) => Promise<object>;
 *
 * await handle({}).catch((error: unknown) => {
 *   console.log(error instanceof SessionStoreNotSetError && 'attach the function to a SessionTable');
 * });
 * ```
 */
export class SessionStoreNotSetError extends SessionError {
  override readonly name = 'SessionStoreNotSetError';
}

/**
 * The store failed: data could not be read, or may not have been saved. See `cause`.
 *
 * @example
 * ```ts
 * import { SessionStoreError } from 'cdk-session-table/lambda-runtime';
 *
 * declare const handle: (event: unknown) => Promise<object>;
 *
 * export const handler = async (event: unknown) => handle(event).catch((error: unknown) => {
 *   if (error instanceof SessionStoreError) {
 *     console.error('the table cannot be reached', error.cause);
 *   }
 *   throw error; // so that the client tries again
 * });
 * ```
 */
export class SessionStoreError extends SessionError {
  override readonly name = 'SessionStoreError';
}

/**
 * The session data holds something that DynamoDB cannot hold; the message names its path.
 *
 * @example
 * ```ts
 * import { SessionDataError, setSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * try {
 *   setSessionData({ retry: () => undefined });
 * } catch (error) {
 *   console.log(error instanceof SessionDataError && error.message); // names the path of the value
 * }
 * ```
 */
export class SessionDataError extends SessionError {
  override readonly name: string = 'SessionDataError';
}

/**
 * The session is larger than the 400 KB that DynamoDB allows an item.
 *
 * @example
 * ```ts
 * import { SessionDataTooLargeError } from 'cdk-session-table/lambda-runtime';
 *
 * declare const handle: (event: unknown) => Promise<object>;
 *
 * export const handler = async (event: unknown) => handle(event).catch((error: unknown) => {
 *   if (error instanceof SessionDataTooLargeError) {
 *     return { statusCode: 413 };
 *   }
 *   throw error;
 * });
 * ```
 */
export class SessionDataTooLargeError extends SessionDataError {
  override readonly name = 'SessionDataTooLargeError';
}

/**
 * What an invocation changed could not be saved, because another one had destroyed the session, or it had expired, or because
 * a conversation is no longer as the change needs it. Nothing was recreated. If the changes were sent more than once, since an
 * answer was lost, they may have been saved before the session ended; the message says so.
 *
 * @example
 * ```ts
 * import { SessionConflictError } from 'cdk-session-table/lambda-runtime';
 *
 * declare const handle: (event: unknown) => Promise<object>;
 *
 * export const handler = async (event: unknown) => handle(event).catch((error: unknown) => {
 *   if (error instanceof SessionConflictError) {
 *     return { statusCode: 409, body: 'please log in again' };
 *   }
 *   throw error;
 * });
 * ```
 */
export class SessionConflictError extends SessionError {
  override readonly name = 'SessionConflictError';
}

/**
 * An option has a value that cannot work. Thrown at set-up, before any event comes in.
 *
 * @example
 * ```ts
 * import { session, SessionOptionsError } from 'cdk-session-table/lambda-runtime';
 *
 * try {
 *   session(async () => undefined, { ttl: -1 });
 * } catch (error) {
 *   console.log(error instanceof SessionOptionsError && error.message); // names the option, its value and what it may be
 * }
 * ```
 */
export class SessionOptionsError extends SessionError {
  override readonly name = 'SessionOptionsError';
}

/**
 * A session function was called outside a handler that `session()` wraps, or after its invocation had ended.
 *
 * @example
 * ```ts
 * import { getSessionData, NoActiveSessionError } from 'cdk-session-table/lambda-runtime';
 *
 * try {
 *   getSessionData(); // outside of a handler
 * } catch (error) {
 *   console.log(error instanceof NoActiveSessionError);
 * }
 * ```
 */
export class NoActiveSessionError extends SessionError {
  override readonly name = 'NoActiveSessionError';
}
