import { expiryToBe } from './expiry.js';
import type { ExpiryPolicy } from './expiry.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { HASHED_KEY } from '../stores/foreign-row.js';
import { numberAttribute } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/** The row of a session that began at `createdAt` and is first saved at `now`; both in epoch seconds. */
export function firstRow(
  key: string, data: AttributeValue, createdAt: number, now: number, options: ExpiryPolicy & { readonly hashesIds: boolean },
): SessionRow {
  const expiresAt = expiryToBe(createdAt, now, options);
  return {
    key: { S: key },
    value: data,
    created_at: numberAttribute(birthOf(createdAt)),
    access_counter: numberAttribute(1),
    ...(expiresAt !== undefined && { ttl: numberAttribute(expiresAt) }),
    ...(options.hashesIds && HASHED_KEY),
  };
}

/**
 * The same time with three random digits behind its milliseconds: sessions that are looked for in the same millisecond under the
 * same id, one after the other has been destroyed, are not the same.
 */
function birthOf(createdAt: number): number {
  return Number((createdAt + Math.floor(Math.random() * 1000) / 1e6).toFixed(6));
}
