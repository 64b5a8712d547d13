import type { Answer } from '../events/event-format.js';
import { warnOnce } from '../platform/warn-once.js';
import type { ResponseHead } from '../transports/http-head.js';

/** What keeps a response from shared caches by itself (RFC 9111, section 5.2.2). `private="name"` is about one header only. */
const KEEPS_FROM_CACHES = /(^|,)\s*(private|no-store)\s*(,|$)/i;

/**
 * The headers by which shared caches decide what to store. Some go by one of the others if it is there.
 *
 * @hidden
 * @see https://www.rfc-editor.org/rfc/rfc9213
 * @see https://www.w3.org/TR/edge-arch/
 */
export const CACHE_CONTROLS: readonly string[] = ['cache-control', 'cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];

/**
 * A head with `Cache-Control: no-store`, unless the response it is added to keeps itself from shared caches: one that stores
 * a response hands the id in it to other clients (CVE-2023-30861).
 */
export function keptFromCaches(head: ResponseHead, answer: Answer): ResponseHead {
  const letsStore = (name: string) => {
    const own = answer.sentHeader(name);
    return own.length > 0 && !own.some((value) => KEEPS_FROM_CACHES.test(value));
  };
  const replaced = CACHE_CONTROLS.filter(letsStore);
  if (replaced.length > 0) {
    warnOnce('a response that carries a session id had a Cache-Control that lets shared caches store it; it was replaced by no-store. '
      + 'Set private or no-store, or the option preventCaching: false if no cache is on the way');
  }
  const names = answer.sentHeader('cache-control').length === 0 ? ['cache-control', ...replaced] : replaced;
  return { ...head, headers: { ...head.headers, ...Object.fromEntries(names.map((name) => [name, 'no-store'])) } };
}
