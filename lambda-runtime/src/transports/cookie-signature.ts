import { reportInvalidSignature } from './invalid-signature.js';
import type { IdCandidate } from './transport.js';
import type { Secrets } from '../ids/secrets.js';
import { crypto } from '../platform/node-modules.js';

export interface CookieSigner {
  /** The cookie's value for an id, or for whatever else must not be forged. */
  sign(id: string): string;
  /** The id of a cookie's value; `undefined` if its signature is not valid. */
  verify(value: string): IdCandidate | undefined;
}

/**
 * Signs ids by HMAC-SHA-256 over the cookie's name and the id, so that a signature is worth nothing in another cookie. The
 * first secret signs, all verify. Without secrets the value is the id.
 */
export function cookieSigner(name: string, secrets: Secrets | undefined): CookieSigner {
  if (secrets === undefined) {
    return { sign: (id) => id, verify: (id) => ({ id }) };
  }
  const signature = (id: string, secret: string) => crypto().createHmac('sha256', secret).update(`${name}=${id}`).digest('base64url');
  return {
    sign: (id) => `${id}.${signature(id, secrets.current()[0])}`,
    verify(value) {
      const end = value.lastIndexOf('.');
      const id = value.slice(0, end);
      const presented = value.slice(end + 1);
      const signer = end > 0 ? secrets.current().findIndex((secret) => isEqual(signature(id, secret), presented)) : -1;
      if (signer === -1) {
        reportInvalidSignature(name);
        return undefined;
      }
      return { id, isOutdated: signer > 0 };
    },
  };
}

/** Takes the same time wherever the two differ. */
function isEqual(expected: string, presented: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(presented)];
  return a.length === b.length && crypto().timingSafeEqual(a, b);
}
