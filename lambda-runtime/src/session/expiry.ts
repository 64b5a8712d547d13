import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { readEpochSeconds, readNumber } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { NewExpiry } from '../stores/writes.js';

/** How long sessions live; all in seconds. */
export interface ExpiryPolicy {
  /** From the last renewal. 0: no limit. */
  readonly ttl: number;
  /** From creation. 0: no limit. */
  readonly absoluteTimeout: number;
  /** How far the expiry must move for a renewal to be worth a write. */
  readonly touchAfter: number;
  /** Whether a session loses the expiry that it has: `ttl: 0` was asked for, and not just left out. */
  readonly neverExpires: boolean;
}

/** The attributes of a row whose session has its own times. */
interface OwnTimes {
  readonly [attribute: string]: AttributeValue | undefined;
}

/** How long the session of this row lives: a persistent sign-in gave it its own times, which every handler obeys. */
export function policyOf(row: OwnTimes | undefined, policy: ExpiryPolicy): ExpiryPolicy {
  const ttl = readNumber(row?.own_ttl);
  const absoluteTimeout = readNumber(row?.own_timeout);
  return ttl === undefined || absoluteTimeout === undefined
    ? policy
    : { ttl, absoluteTimeout, touchAfter: policy.ttl === 0 ? ttl / 10 : Math.min(ttl / 10, policy.touchAfter), neverExpires: ttl === 0 };
}

/**
 * Whether the session has ended by `now` (epoch seconds), although DynamoDB may go on returning its row for days. A time that
 * is not a number counts as passed: what cannot be read must not keep a session alive.
 */
export function isExpired(row: SessionRow, now: number, policy: ExpiryPolicy): boolean {
  const { absoluteTimeout } = policyOf(row, policy);
  const expiresAt = readEpochSeconds(row.ttl) ?? Infinity;
  const endsAt = absoluteTimeout === 0 ? Infinity : (readEpochSeconds(row.created_at) ?? Infinity) + absoluteTimeout;
  return Math.min(expiresAt, endsAt) <= now;
}

/** The expiry of a session that is used at `now`, in whole epoch seconds, for an idle session never too early; `undefined`: it gets none. */
export function expiryToBe(createdAt: number, now: number, { ttl, absoluteTimeout }: Pick<ExpiryPolicy, 'ttl' | 'absoluteTimeout'>): number | undefined {
  const idleEnd = ttl === 0 ? Infinity : Math.ceil(now + ttl);
  const absoluteEnd = absoluteTimeout === 0 ? Infinity : Math.floor(createdAt + absoluteTimeout);
  const end = Math.min(idleEnd, absoluteEnd);
  return end === Infinity ? undefined : end;
}

/**
 * The expiry to write to an existing row used at `now`; `undefined`: the one it has will do. The last function to use a session
 * decides: a stored expiry beyond its own limits is brought forward immediately, as they may have been lowered since.
 */
export function dueExpiry(row: SessionRow, now: number, policy: ExpiryPolicy): NewExpiry | undefined {
  const { touchAfter, neverExpires, ...times } = policyOf(row, policy);
  const toBe = expiryToBe(readEpochSeconds(row.created_at) ?? now, now, times);
  const stored = readEpochSeconds(row.ttl);
  if (toBe === undefined) {
    return stored !== undefined && neverExpires ? 'never' : undefined;
  }
  if (stored === undefined) {
    return toBe;
  }
  const isDue = toBe < stored || (toBe > stored && toBe - stored >= touchAfter);
  return isDue ? toBe : undefined;
}

/**
 * The expiry to write to a row that does not say when it was created, although sessions end some time after their creation,
 * and which is not renewed otherwise; `undefined`: none. The write also gives it a creation time.
 */
export function dueLimit(row: SessionRow, now: number, policy: ExpiryPolicy): number | undefined {
  const { absoluteTimeout } = policyOf(row, policy);
  const end = Math.floor(now + absoluteTimeout);
  const isLimited = absoluteTimeout === 0 || row.created_at !== undefined || (readEpochSeconds(row.ttl) ?? Infinity) <= end;
  return isLimited ? undefined : end;
}
