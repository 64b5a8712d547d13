import { expiryToBe } from './expiry.js';
import type { ExpiryPolicy } from './expiry.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { numberAttribute } from '../stores/session-row.js';
import type { SessionRow } from '../stores/store.js';

/** The row with which a session begins its life at `now` (epoch seconds). */
export function firstRow(key: string, data: AttributeValue, now: number, policy: ExpiryPolicy): SessionRow {
  const expiresAt = expiryToBe(now, now, policy);
  return {
    key: { S: key },
    value: data,
    created_at: numberAttribute(now),
    access_counter: numberAttribute(1),
    ...(expiresAt !== undefined && { ttl: numberAttribute(expiresAt) }),
  };
}
