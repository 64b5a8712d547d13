import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';

/**
 * A session as it is kept: the item on the table in DynamoDB's own notation. Every store keeps and returns this, so that
 * data is converted only when a handler looks at it, and compared without being converted.
 *
 * A row that was made manually may have nothing but its key.
 *
 * @example
 * ```ts
 * import type { SessionRow } from 'cdk-session-table/lambda-runtime';
 *
 * const row: SessionRow = { key: { S: 'client-made-id' }, value: { M: { name: { S: 'Ada' } } }, ttl: { N: '1800000000' } };
 * ```
 */
export interface SessionRow {
  /** S: the session id, or its hash */
  readonly key: AttributeValue;
  /** any type: the session data; NULL until something is set */
  readonly value?: AttributeValue;
  /** N, epoch seconds: distinguishes one life of a session from the next */
  readonly created_at?: AttributeValue;
  /** N: the version, one more with every save */
  readonly access_counter?: AttributeValue;
  /** N, epoch seconds: expiry; absent: never */
  readonly ttl?: AttributeValue;
  /** S: the newest write tokens of `update(fn)` */
  readonly write_log?: AttributeValue;
  /** BOOL, true: the row had no `created_at` until its first write added one */
  readonly adopted?: AttributeValue;
  /** S, only in a forwarding row: the key of the row that the session has now */
  readonly moved_to?: AttributeValue;
  /** what others put there; left alone */
  readonly [attribute: string]: AttributeValue | undefined;
}

/** A number in DynamoDB's notation. */
export function numberAttribute(value: number): AttributeValue {
  return { N: String(value) };
}

/** The number that an attribute holds, if it holds one. */
export function readNumber(attribute: AttributeValue | undefined): number | undefined {
  return attribute?.N === undefined ? undefined : Number(attribute.N);
}

/** In 2001: a time since then, in whichever unit of a second, is no less, and no time that anybody means in the next larger unit is as large. */
const FIRST_SECOND = 1e9;
const UNITS_OF_A_SECOND = [1e9, 1e6, 1e3];

/**
 * The time that an attribute holds, in epoch seconds; `undefined` if there is no attribute. Milliseconds, microseconds and
 * nanoseconds, in rows that were added manually, are recognised by their size; anything but a number is a time that has passed.
 */
export function readEpochSeconds(attribute: AttributeValue | undefined): number | undefined {
  if (attribute === undefined) {
    return undefined;
  }
  const time = readNumber(attribute) ?? -Infinity;
  return time / (UNITS_OF_A_SECOND.find((unit) => time >= FIRST_SECOND * unit) ?? 1);
}

/** More than a number of seconds may be off by once it is in milliseconds, and less than what is behind the milliseconds. */
const ROUNDING_ERROR_MS = 0.0005;

/** The date of a time in epoch seconds, to the millisecond; `undefined` if there is none. */
export function toDate(epochSeconds: number | undefined): Date | undefined {
  return epochSeconds === undefined || !Number.isFinite(epochSeconds) ? undefined : new Date(Math.floor(epochSeconds * 1000 + ROUNDING_ERROR_MS));
}

/** Whether no data was ever set. */
export function hasNoValue(row: SessionRow): boolean {
  return row.value === undefined || row.value.NULL === true;
}

/**
 * Whether the row that exists now has the same life as the one that was loaded: a session that was deleted and created again
 * has another life. A row that was loaded without `created_at` still has the same life once a write has added it.
 */
export function isSameLife(current: SessionRow, loaded: SessionRow): boolean {
  if (loaded.created_at !== undefined) {
    return equal(current.created_at, loaded.created_at);
  }
  return !isForwardingRow(current) && (current.created_at === undefined || current.adopted?.BOOL === true);
}

/** Whether the row only says where its session has moved to. */
export function isForwardingRow(row: SessionRow): boolean {
  return row.moved_to !== undefined;
}

/** Whether the row has not expired at `now` (epoch seconds). An expiry that is not a number counts as passed. */
export function isLive({ ttl }: SessionRow, now: number): boolean {
  return ttl === undefined || (readNumber(ttl) ?? 0) > now;
}

/** Whether nobody has saved between the two. */
export function isSameVersion(one: SessionRow, other: SessionRow): boolean {
  return equal(one.access_counter, other.access_counter);
}
