import type { RequestHead } from '../transports/http-head.js';

/** Of Application and Classic Load Balancers, and of Route 53. */
const HEALTH_CHECKERS = /^(ELB-HealthChecker|Amazon-Route53-Health-Check-Service)\b/;

/**
 * Whether a request was made by a machine that keeps no session: a health check, or a browser's CORS preflight, which
 * carries no cookies and whose answer's headers no page gets to see.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-request
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function isProbe({ method, header }: RequestHead): boolean {
  const isPreflight = method === 'OPTIONS' && header('access-control-request-method') !== undefined;
  return isPreflight || HEALTH_CHECKERS.test(header('user-agent') ?? '');
}
