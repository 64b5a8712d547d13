import type { RequestHead, ResponseHead } from './http-head.js';

/** What has become of the id that the client presented. */
export interface IdNews {
  /** The session id from now on. */
  readonly id: string;
  /** Whether it is another one than the client presented. */
  readonly isNewToClient: boolean;
  /** Whether the session's expiry was set or moved. */
  readonly expiryMoved: boolean;
}

/** How the session id travels between client and function. Knows HTTP, but neither events nor stores. */
export interface SessionTransport {
  /** Whether an id that the store does not know becomes a session, unless the option `clientIds` says otherwise. */
  readonly adoptsUnknownIds: boolean;
  /**
   * For ids that browsers keep: whether the client presents them with a signature, so that a guessed id is worth nothing. If
   * `false`, `useSessionIdFromSeed()` is refused.
   */
  readonly signsIds?: boolean;
  /** The id that the client presents; `undefined`: none that can be one. */
  readId(request: RequestHead): string | undefined;
  /** What to add to the response so that the client knows its id. */
  writeId(news: IdNews): ResponseHead;
  /** What to add to the response so that the client forgets its id. */
  clearId(): ResponseHead;
}
