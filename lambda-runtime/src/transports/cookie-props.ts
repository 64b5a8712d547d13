import { SessionOptionsError } from '../errors.js';
import { isToken } from './token.js';
import { secretsOf } from '../ids/secrets.js';
import type { SecretSource, Secrets } from '../ids/secrets.js';
import { checkOptionNames } from '../platform/option-names.js';

/**
 * What the cookie is called, where it is sent, and by what it is signed.
 *
 * @example
 * ```ts
 * import { cookieTransport } from 'cdk-session-table/lambda-runtime';
 * import type { CookieTransportProps } from 'cdk-session-table/lambda-runtime';
 *
 * // A cookie for all hosts of a domain, signed. The first secret signs, all of them are accepted.
 * const props: CookieTransportProps = { name: '__Secure-session', domain: 'example.com', secrets: [process.env.NEW_SECRET!, process.env.OLD_SECRET!] };
 * const transport = cookieTransport(props);
 * ```
 */
export interface CookieTransportProps {
  /**
   * The cookie's name. A name that begins with `__Host-` binds the cookie to this host, one that begins with `__Secure-` to
   * HTTPS; the browser enforces both.
   *
   * @default '__Host-session'
   */
  readonly name?: string;

  /**
   * The domain with whose subdomains the cookie is shared. Not with a name that begins with `__Host-`.
   *
   * @default none: this host only
   */
  readonly domain?: string;

  /**
   * The path below which the cookie is sent. Only `/` with a name that begins with `__Host-`.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * With which requests from other sites the cookie is sent: `strict` with none, `lax` with navigations, `none` with all.
   *
   * @default 'lax'
   */
  readonly sameSite?: 'strict' | 'lax' | 'none';

  /**
   * For how many whole seconds the browser keeps the cookie, from when it was last sent. It is sent again whenever the
   * session's expiry is renewed, which is at least each time that a tenth of `maxAge` has passed. If the session was renewed without
   * the browser learning of it, by another function or because an answer was lost, the cookie is sent again when a fifth of `maxAge`
   * has passed; for this it holds a time beside the id. Needs the option `ttl`.
   *
   * @default none: until the browser is closed
   */
  readonly maxAge?: number;

  /**
   * Whether the browser keeps a cookie for each site in which this one is embedded (CHIPS). Sent from there only with
   * `sameSite: 'none'`.
   *
   * @default false
   */
  readonly partitioned?: boolean;

  /**
   * One or more secrets of at least 32 bytes that sign the cookie, so that forged ids never reach the store; or a function that
   * fetches them, called during init and again after five minutes. The first signs, all verify: put a new one in front, and
   * remove the old one later. A cookie signed by an old one is sent again with the next response, signed by the first.
   *
   * @default none: not signed; the id itself is 256 random bits
   */
  readonly secrets?: readonly string[] | SecretSource;
}

export interface ResolvedCookieProps {
  readonly name: string;
  readonly domain: string | undefined;
  readonly path: string;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly maxAge: number | undefined;
  readonly partitioned: boolean;
  readonly secrets: Secrets | undefined;
}

const PROPS: readonly (keyof CookieTransportProps)[] = ['name', 'domain', 'path', 'sameSite', 'maxAge', 'partitioned', 'secrets'];

/** @throws SessionOptionsError for what a browser would refuse or ignore, and for what would be unsafe */
export function resolveCookieProps(props: CookieTransportProps): ResolvedCookieProps {
  checkOptionNames(props, PROPS, 'cookieTransport()');
  const { name = '__Host-session', domain, path = '/', sameSite = 'lax', maxAge, partitioned = false, secrets } = props;
  refuseIf(!isToken(name), `the cookie's name must be made of letters, digits and hyphens, got ${JSON.stringify(name)}`);
  refuseIf(domain === '', 'domain must be a domain, got an empty text; leave it out to bind the cookie to this host');
  refuseIf(!path.startsWith('/'), `path must begin with /, got '${path}', which browsers ignore`);
  refuseIf(isHostBound(name) && domain !== undefined, `the cookie ${name} cannot have a domain: its prefix __Host- binds it to this host; choose another name`);
  refuseIf(isHostBound(name) && path !== '/', `the cookie ${name} must have the path /: its prefix __Host- asks for it; choose another name`);
  refuseIf(!['strict', 'lax', 'none'].includes(sameSite), `sameSite must be 'strict', 'lax' or 'none', got '${sameSite}'`);
  refuseIf(maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge > 0), `maxAge must be a whole number of seconds above 0, got ${maxAge}`);
  return { name, domain, path, sameSite, maxAge, partitioned, secrets: secrets === undefined ? undefined : checkedSecrets(secrets) };
}

/** An empty list is more likely a missing configuration than the wish for an unsigned cookie. */
function checkedSecrets(secrets: readonly string[] | SecretSource): Secrets {
  const isList = Array.isArray(secrets) && secrets.length > 0;
  refuseIf(!isList && typeof secrets !== 'function', 'secrets must be a list of one or more texts, or a function that returns one; leave it out for a cookie that is not signed');
  return secretsOf('secrets', secrets);
}

/** Browsers match the prefix case-insensitively (RFC 6265bis, section 4.1.3). */
export function isHostBound(name: string): boolean {
  return name.toLowerCase().startsWith('__host-');
}

function refuseIf(isWrong: boolean, message: string): void {
  if (isWrong) {
    throw new SessionOptionsError(message);
  }
}
