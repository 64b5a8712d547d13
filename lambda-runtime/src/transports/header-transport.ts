import { SessionOptionsError } from '../errors.js';
import { isToken } from './token.js';
import type { SessionTransport } from './transport.js';
import { isUsableId } from '../ids/session-id.js';

export interface HeaderTransportProps {
  /**
   * The name of the header; matched case-insensitively.
   *
   * @default 'session-id'
   */
  readonly name?: string;
}

/**
 * The session id in a header of its own, in every request and every response. An id that the store does not know is the
 * client's own and is accepted. A session that was destroyed is told by an empty header.
 *
 * @throws SessionOptionsError if `name` cannot be a header
 */
export function headerTransport({ name = 'session-id' }: HeaderTransportProps = {}): SessionTransport {
  if (!isToken(name)) {
    throw new SessionOptionsError(`the name of the session header must be made of letters, digits and hyphens, got ${JSON.stringify(name)}`);
  }
  return {
    adoptsUnknownIds: true,
    readId(request) {
      const id = request.header(name);
      return isUsableId(id) ? id : undefined;
    },
    writeId: ({ id }) => ({ headers: { [name]: id }, cookies: [] }),
    clearId: () => ({ headers: { [name]: '' }, cookies: [] }),
  };
}
