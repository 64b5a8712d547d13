import { SessionOptionsError } from '../errors.js';
import type { SessionTransport } from './transport.js';

/** A field name of RFC 9110, section 5.1. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export interface HeaderTransportProps {
  /**
   * The name of the header; matched case-insensitively.
   *
   * @default 'session-id'
   */
  readonly name?: string;
}

/**
 * The session id in a header of its own, in request and response.
 *
 * @throws SessionOptionsError if `name` cannot be a header
 */
export function headerTransport({ name = 'session-id' }: HeaderTransportProps = {}): SessionTransport {
  if (typeof name !== 'string' || !FIELD_NAME.test(name)) {
    throw new SessionOptionsError(`idKeyName must be a header name of letters, digits and hyphens, got ${JSON.stringify(name)}`);
  }
  return {
    readId: (request) => request.header(name),
    writeId: (id) => ({ headers: { [name]: id } }),
  };
}
