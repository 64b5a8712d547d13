import { parseCookie, stringifySetCookie } from 'cookie';
import { SessionOptionsError } from '../errors.js';
import { isHostBound, resolveCookieProps } from './cookie-props.js';
import type { CookieTransportProps } from './cookie-props.js';
import { cookieScopes } from './cookie-scopes.js';
import type { CookieScope } from './cookie-scopes.js';
import { cookieSigner } from './cookie-signature.js';
import type { RequestHead } from './http-head.js';
import { readTimed, timed } from './timed-id.js';
import type { SessionTransport } from './transport.js';

/**
 * The session id in a cookie, by default the safest there is: sent over HTTPS only, to this host only, out of reach for
 * scripts, and not with requests that other sites make. Ids that the store does not know are never adopted, so that nobody
 * can have a session of an id that somebody else chose (session fixation). New sessions are saved only if data was set.
 *
 * @example
 * ```ts
 * import { cookieTransport, session } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async () => ({ statusCode: 200 }), {
 *   transport: cookieTransport({ sameSite: 'strict', maxAge: 30 * 60 }), update: true, ttl: 30 * 60,
 * });
 * ```
 *
 * @throws SessionOptionsError if the properties cannot work together
 * @see RFC 6265bis, sections 4.1.3 (cookie name prefixes) and 5.6 (storage)
 */
export function cookieTransport(props: CookieTransportProps = {}): SessionTransport {
  const { name, maxAge, secrets, domain, path, ...attributes } = resolveCookieProps(props);
  const { sign, verify } = cookieSigner(name, secrets);

  const setCookie = (value: string, age: number | undefined, scope: CookieScope = { domain, path }) =>
    stringifySetCookie({ name, value, maxAge: age, secure: true, httpOnly: true, ...attributes, ...scope });
  refuseUnusable(() => setCookie('', maxAge));

  /** The values of all the cookies of the name, the last one first. */
  const presentedValues = (request: RequestHead) => request.cookies()
    .flatMap((cookies) => cookies.split(';'))
    .map((cookie) => parseCookie(cookie, { decode: decoded })[name])
    .filter((value) => value !== undefined)
    .reverse();

  return {
    adoptsUnknownIds: false,
    signsIds: secrets !== undefined,
    saveUninitialized: false,
    maxAge,
    ...(secrets?.prepare && { prepare: secrets.prepare }),

    readId: (request) => presentedValues(request).map((value) => verify(value)).filter((candidate) => candidate !== undefined).map(readTimed),

    writeId({ id, isNewToClient, expiryMoved, isOutdated, isDue, keptFor, maxAge: ownAge }) {
      const age = ownAge ?? maxAge ?? (isNewToClient ? undefined : keptFor);
      const isSent = isNewToClient || isOutdated || (age !== undefined && (expiryMoved || isDue));
      return { headers: {}, cookies: isSent ? [setCookie(sign(timed(id, age)), age)] : [] };
    },

    /** Several cookies of the name have other scopes than this one: those that can be guessed are cleared too. */
    clearId(request) {
      const isAlone = isHostBound(name) || presentedValues(request).length < 2;
      const scopes = isAlone ? [{ domain, path }] : cookieScopes({ domain, path }, request);
      return { headers: {}, cookies: scopes.map((scope) => setCookie('', 0, scope)) };
    },
  };
}

/** Without the quotes of RFC 2109, which Java's clients send around the value. Our own values hold none: they are percent-encoded. */
function decoded(value: string): string {
  const unquoted = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    return unquoted; // not percent-encoded: the value of another application, or garbage
  }
}

/** Finds at set-up what could not be written into a cookie later, such as a domain with a space. */
function refuseUnusable(trial: () => unknown): void {
  try {
    trial();
  } catch (cause) {
    throw new SessionOptionsError(`the session cookie cannot be written: ${(cause as Error).message}`, { cause });
  }
}
