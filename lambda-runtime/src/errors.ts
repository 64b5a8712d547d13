/** The base of all errors of this library: `error instanceof SessionError`. */
export class SessionError extends Error {
  override readonly name: string = 'SessionError';
}

/** No store is configured: no table in the environment, none by `initSessionStore`, `useStore` or the option `store`. */
export class SessionStoreNotSetError extends SessionError {
  override readonly name = 'SessionStoreNotSetError';
}

/** The store failed: data could not be read, or may not have been saved. See `cause`. */
export class SessionStoreError extends SessionError {
  override readonly name = 'SessionStoreError';
}

/** The session data holds something that DynamoDB cannot hold; the message names its path. */
export class SessionDataError extends SessionError {
  override readonly name: string = 'SessionDataError';
}

/** The session is larger than the 400 KB that DynamoDB allows an item. */
export class SessionDataTooLargeError extends SessionDataError {
  override readonly name = 'SessionDataTooLargeError';
}

/**
 * What an invocation changed could not be saved, because another one had destroyed the session, or it had expired, or because
 * a conversation is no longer as the change needs it. Nothing was recreated. If the changes were sent more than once, since an
 * answer was lost, they may have been saved before the session ended; the message says so.
 */
export class SessionConflictError extends SessionError {
  override readonly name = 'SessionConflictError';
}

/** An option has a value that cannot work. Thrown at set-up, before any event comes in. */
export class SessionOptionsError extends SessionError {
  override readonly name = 'SessionOptionsError';
}

/** A session function was called outside a handler that `session()` wraps, or after its invocation had ended. */
export class NoActiveSessionError extends SessionError {
  override readonly name = 'NoActiveSessionError';
}
