import type { RequestHead, ResponseHead } from '../http-head.js';

/** How the session id travels between client and function. Knows HTTP, but neither events nor stores. */
export interface SessionTransport {
  /** The id that the client presents, unchecked; `undefined`: none. */
  readId(request: RequestHead): string | undefined;
  /** What to add to the response so that the client learns its id. */
  writeId(id: string): ResponseHead;
}
