import type { Answer } from '../events/event-format.js';
import { warnOnce } from '../platform/warn-once.js';
import type { ResponseHead } from '../transports/http-head.js';

/** What keeps a response from shared caches by itself (RFC 9111, section 5.2.2). `private="name"` is about one header only. */
const KEEPS_FROM_CACHES = /(^|,)\s*(private|no-store)\s*(,|$)/i;

/**
 * A head with `Cache-Control: no-store`, unless the response it is added to keeps itself from shared caches: one that stores
 * a response hands the id in it to other clients (CVE-2023-30861).
 */
export function keptFromCaches(head: ResponseHead, answer: Answer): ResponseHead {
  const own = answer.sentHeader('cache-control');
  if (own.some((value) => KEEPS_FROM_CACHES.test(value))) {
    return head;
  }
  if (own.length > 0) {
    warnOnce('a response that carries a session id had a Cache-Control that lets shared caches store it; it was replaced by no-store. '
      + 'Set private or no-store, or the option preventCaching: false if no cache is on the way');
  }
  return { ...head, headers: { ...head.headers, 'cache-control': 'no-store' } };
}
