import { isToken } from './token.js';
import { SessionOptionsError } from '../errors.js';

/**
 * Headers that API Gateway, function URLs, load balancers or HTTP clients set, rename or drop themselves.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
const TAKEN = new Set([
  'accept', 'accept-charset', 'accept-encoding', 'age', 'authorization', 'cache-control', 'connection', 'content-encoding', 'content-length',
  'content-md5', 'content-type', 'cookie', 'cookie2', 'date', 'expect', 'forwarded', 'host', 'keep-alive', 'max-forwards', 'origin', 'pragma',
  'proxy-authenticate', 'proxy-authorization', 'range', 'referer', 'server', 'set-cookie', 'set-cookie2', 'te', 'trailer', 'transfer-encoding',
  'upgrade', 'user-agent', 'vary', 'via', 'warn', 'warning', 'www-authenticate',
]);

const TAKEN_PREFIXES = /^(x-amz|x-amzn|x-forwarded|x-edge|access-control|sec|proxy)-/;

/** @throws SessionOptionsError if a session id in a header of this name would not arrive */
export function checkHeaderName(name: unknown): void {
  if (!isToken(name)) {
    throw new SessionOptionsError(`the name of the session header must be made of letters, digits and hyphens, got ${JSON.stringify(name)}`);
  }
  const lower = name.toLowerCase();
  if (TAKEN.has(lower) || TAKEN_PREFIXES.test(lower)) {
    throw new SessionOptionsError(`the session header cannot be named '${name}': gateways or clients set, rename or drop it; choose a name such as 'session-id'`);
  }
}
