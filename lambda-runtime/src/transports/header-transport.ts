import { checkHeaderName } from './header-name.js';
import type { SessionTransport } from './transport.js';

export interface HeaderTransportProps {
  /**
   * The name of the header; matched case-insensitively. Not one that gateways or clients set, rename or drop.
   *
   * @default 'session-id'
   */
  readonly name?: string;
}

/**
 * The session id in its own header, in every request and every response. If a request has several, the last counts. An id
 * that the store does not know is one that the client made, and is accepted. An empty header says that the session was
 * destroyed.
 *
 * @throws SessionOptionsError if `name` cannot be a header, or would not arrive
 */
export function headerTransport({ name = 'session-id' }: HeaderTransportProps = {}): SessionTransport {
  checkHeaderName(name);
  return {
    adoptsUnknownIds: true,
    readId(request) {
      const value = request.header(name);
      return request.joinsHeaders && value?.includes(',') ? value.split(',').at(-1)!.trim() : value;
    },
    writeId: ({ id }) => ({ headers: { [name]: id }, cookies: [] }),
    clearId: () => ({ headers: { [name]: '' }, cookies: [] }),
  };
}
