import { parseCookie, stringifySetCookie } from 'cookie';
import { SessionOptionsError } from '../errors.js';
import { resolveCookieProps } from './cookie-props.js';
import type { CookieTransportProps } from './cookie-props.js';
import { cookieSigner } from './cookie-signature.js';
import type { SessionTransport } from './transport.js';
import { isUsableId } from '../ids/session-id.js';

/**
 * The session id in a cookie, by default the safest there is: sent over HTTPS only, to this host only, out of reach for
 * scripts, and not with requests that other sites make. Ids that the store does not know are never adopted, so that nobody
 * can have a session of an id that somebody else chose (session fixation).
 *
 * @throws SessionOptionsError if the properties cannot work together
 * @see RFC 6265bis, sections 4.1.3 (cookie name prefixes) and 5.6 (storage)
 */
export function cookieTransport(props: CookieTransportProps = {}): SessionTransport {
  const { name, maxAge, secrets, ...attributes } = resolveCookieProps(props);
  const { sign, verify } = cookieSigner(name, secrets);

  const setCookie = (value: string, age: number | undefined) => ({
    headers: {},
    cookies: [stringifySetCookie({ name, value, maxAge: age, secure: true, httpOnly: true, ...attributes })],
  });
  refuseUnusable(() => setCookie('', maxAge));

  return {
    adoptsUnknownIds: false,
    signsIds: secrets.length > 0,

    readId(request) {
      const presented = request.cookies().flatMap((cookies) => cookies.split(';')).map((cookie) => parseCookie(cookie)[name]);
      return presented.map((value) => value && verify(value)).filter(isUsableId).at(-1);
    },

    writeId({ id, isNewToClient, expiryMoved }) {
      const isToBeSent = isNewToClient || (maxAge !== undefined && expiryMoved);
      return isToBeSent ? setCookie(sign(id), maxAge) : { headers: {}, cookies: [] };
    },

    clearId: () => setCookie('', 0),
  };
}

/** Finds at set-up what could not be written into a cookie later, such as a domain with a space. */
function refuseUnusable(trial: () => unknown): void {
  try {
    trial();
  } catch (cause) {
    throw new SessionOptionsError(`the session cookie cannot be written: ${(cause as Error).message}`, { cause });
  }
}
