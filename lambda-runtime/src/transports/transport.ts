import type { RequestHead, ResponseHead } from './http-head.js';

/**
 * One id that a request presents.
 *
 * @example
 * ```ts
 * import type { SessionIdCandidate } from 'cdk-session-table/lambda-runtime';
 *
 * const candidates: readonly SessionIdCandidate[] = [{ id: 'signed-by-the-new-secret' }, { id: 'signed-by-the-old-one', isOutdated: true }];
 * ```
 */
export interface IdCandidate {
  readonly id: string;
  /** Whether the client has it in a form that is no longer written, such as signed by a former secret. */
  readonly isOutdated?: boolean;
  /** Whether the client will drop it before long: it is then written again. */
  readonly isDue?: boolean;
  /** For how many seconds the client keeps it from when it was written, if it says so. */
  readonly keptFor?: number;
}

/**
 * What a transport needs to know to write the session id into a response.
 *
 * @example
 * ```ts
 * import type { SessionIdStatus } from 'cdk-session-table/lambda-runtime';
 *
 * // The id goes out only if the client does not have it yet.
 * const mustBeSent = ({ isNewToClient, isOutdated }: SessionIdStatus): boolean => isNewToClient || isOutdated === true;
 * ```
 */
export interface SessionIdStatus {
  /** The session id from now on. */
  readonly id: string;
  /** Whether it differs from the one the client presented. */
  readonly isNewToClient: boolean;
  /** Whether the session's expiry was set or moved. */
  readonly expiryMoved: boolean;
  /** Whether the client presented it in a form that is no longer written. */
  readonly isOutdated?: boolean;
  /** Whether the client will drop it before long. */
  readonly isDue?: boolean;
  /** For how many seconds the client keeps the id that it presented, if it says so. */
  readonly keptFor?: number;
  /** For how many seconds the client is to keep this id, if the session has its own times. */
  readonly maxAge?: number;
}

/**
 * How the session id travels between client and function. Knows HTTP, but neither events nor stores.
 *
 * @example
 * ```ts
 * import { session } from 'cdk-session-table/lambda-runtime';
 * import type { SessionTransport } from 'cdk-session-table/lambda-runtime';
 *
 * // The id in the path: /s/<id>/…
 * const pathTransport: SessionTransport = {
 *   adoptsUnknownIds: false,
 *   readId: ({ path }) => String(path).split('/')[2],
 *   writeId: ({ id }) => ({ headers: { location: `/s/${id}/` }, cookies: [] }),
 *   clearId: () => ({ headers: {}, cookies: [] }),
 * };
 * export const handler = session(async () => ({ statusCode: 303 }), { transport: pathTransport, update: true, ttl: 15 * 60 });
 * ```
 */
export interface SessionTransport {
  /** Whether an id that the store does not know becomes a session, unless the option `clientIds` says otherwise. */
  readonly adoptsUnknownIds: boolean;
  /**
   * For ids that browsers keep: whether the client presents them with a signature, so that a guessed id is worth nothing. If
   * `false`, `useSessionIdFromSeed()` is refused.
   */
  readonly signsIds?: boolean;
  /**
   * The default of the option `saveUninitialized`.
   *
   * @default true
   */
  readonly saveUninitialized?: boolean;
  /**
   * For how many seconds the client keeps the id after it was last written. Sessions are then renewed often enough for an
   * active client not to lose it.
   *
   * @default none: as long as the client likes
   */
  readonly maxAge?: number;
  /** Called before each invocation reads its id, for what cannot be had synchronously, such as secrets. */
  prepare?(): Promise<void>;
  /**
   * The id that the client presents; `undefined`: none. If there are several, the one that counts most comes first: a session
   * that the store knows wins over one that it does not.
   */
  readId(request: RequestHead): string | readonly IdCandidate[] | undefined;
  /**
   * What to add to the response so that the client knows its id. It is asked twice where nothing was saved: if it would set a cookie
   * then, the session is read once more first, so that a late answer neither replaces the cookie of a login nor undoes a logout.
   */
  writeId(status: SessionIdStatus): ResponseHead;
  /** What to add to the response so that the client forgets its id. */
  clearId(request: RequestHead): ResponseHead;
}
