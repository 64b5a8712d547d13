import type { RequestHead } from './http-head.js';

/** How a browser distinguishes cookies of one name. */
export interface CookieScope {
  readonly domain: string | undefined;
  readonly path: string;
}

const MOST_SCOPES = 12;

/**
 * The scopes that a cookie sent with this request may have, the given one first: the host and its parent domains, the
 * request's path and those above it. Browsers ignore what does not exist.
 */
export function cookieScopes(own: CookieScope, { header, path }: RequestHead): CookieScope[] {
  const domains = new Set([own.domain, undefined, ...parentDomains(header('host'))]);
  const paths = new Set([own.path, '/', ...pathsAbove(path)]);
  const scopes = [...domains].flatMap((domain) => [...paths].map((each) => ({ domain, path: each })));
  return scopes.slice(0, MOST_SCOPES);
}

/** As domains are written: RFC 1123, section 2.1. A client can send any other host too. */
const DOMAIN = /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)*[a-z]([a-z\d-]{0,61}[a-z\d])?$/i;

/** `a.example.com` and `example.com` of `a.example.com:443`; none of an IP address. */
function parentDomains(host = ''): string[] {
  const domain = host.replace(/:\d+$/, '');
  const labels = DOMAIN.test(domain) ? domain.split('.') : [];
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
}

/** `/a` and `/a/b` of `/a/b`; only of characters that need no escaping in a cookie, and of not so many that the response grows too large. */
function pathsAbove(path: unknown): string[] {
  const parts = typeof path === 'string' && /^[\w./~%+-]{1,256}$/.test(path) ? path.split('/').filter((part) => part !== '').slice(0, 3) : [];
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`);
}
