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

/** `a.example.com` and `example.com` of `a.example.com:443`; none of an IP address. */
function parentDomains(host: string | undefined): string[] {
  const labels = /^([a-z0-9-]+\.)*[a-z][a-z0-9-]*(?=:\d+$|$)/i.exec(host ?? '')?.[0].split('.') ?? [];
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
}

/** `/a` and `/a/b` of `/a/b`; only of characters that need no escaping in a cookie. */
function pathsAbove(path: unknown): string[] {
  const parts = typeof path === 'string' && /^[\w./~%+-]+$/.test(path) ? path.split('/').filter((part) => part !== '').slice(0, 3) : [];
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`);
}
