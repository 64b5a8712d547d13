import { readNumber } from '../stores/session-row.js';
import type { SessionRow } from '../stores/store.js';

/** How long sessions live; all in seconds. */
export interface ExpiryPolicy {
  /** From the last renewal. 0: no limit. */
  readonly ttl: number;
  /** From creation. 0: no limit. */
  readonly absoluteTimeout: number;
  /** How far the expiry must move for a renewal to be worth a write. */
  readonly touchAfter: number;
}

/** Whether the session has ended by `now` (epoch seconds), although DynamoDB may go on returning its row for days. */
export function isExpired(row: SessionRow, now: number, { absoluteTimeout }: ExpiryPolicy): boolean {
  const expiresAt = readNumber(row.ttl) ?? Infinity;
  const endsAt = absoluteTimeout === 0 ? Infinity : (readNumber(row.created_at) ?? Infinity) + absoluteTimeout;
  return Math.min(expiresAt, endsAt) <= now;
}

/** The expiry of a session that is used at `now`, in whole epoch seconds, no idle session's too early; `undefined`: none is set. */
export function expiryToBe(createdAt: number, now: number, { ttl, absoluteTimeout }: ExpiryPolicy): number | undefined {
  const idleEnd = ttl === 0 ? Infinity : Math.ceil(now + ttl);
  const absoluteEnd = absoluteTimeout === 0 ? Infinity : Math.floor(createdAt + absoluteTimeout);
  const end = Math.min(idleEnd, absoluteEnd);
  return end === Infinity ? undefined : end;
}

/**
 * The expiry that is to be written for an existing row used at `now`; `undefined`: the one it has will do. A stored expiry
 * beyond the one to be is brought back at once: the limits may have been lowered since.
 */
export function dueExpiry(row: SessionRow, now: number, policy: ExpiryPolicy): number | undefined {
  const toBe = expiryToBe(readNumber(row.created_at) ?? now, now, policy);
  const stored = readNumber(row.ttl);
  if (toBe === undefined || stored === undefined) {
    return toBe;
  }
  const isDue = toBe < stored || (toBe > stored && toBe - stored >= policy.touchAfter);
  return isDue ? toBe : undefined;
}
