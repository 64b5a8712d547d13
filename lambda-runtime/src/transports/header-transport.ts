import { checkHeaderName } from './header-name.js';
import type { SessionTransport } from './transport.js';
import { checkOptionNames } from '../platform/option-names.js';

/**
 * Which header the id travels in.
 *
 * @example
 * ```ts
 * import { headerTransport } from 'cdk-session-table/lambda-runtime';
 * import type { HeaderTransportProps } from 'cdk-session-table/lambda-runtime';
 *
 * const props: HeaderTransportProps = { name: 'x-job-id' };
 * const transport = headerTransport(props);
 * ```
 */
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
 * @example
 * ```ts
 * import { headerTransport, session } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async () => ({ statusCode: 200 }), {
 *   transport: headerTransport({ name: 'x-job-id' }), update: true, ttl: 60 * 60,
 * });
 * ```
 *
 * @throws SessionOptionsError if `name` cannot be a header, or would not arrive
 */
export function headerTransport(props: HeaderTransportProps = {}): SessionTransport {
  checkOptionNames(props, ['name'], 'headerTransport()');
  const { name = 'session-id' } = props;
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
