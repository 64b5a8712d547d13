import { expiryToBe } from './expiry.js';
import type { ExpiryPolicy } from './expiry.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { numberAttribute } from '../stores/session-row.js';
import type { SessionRow } from '../stores/store.js';

/** The row of a session that began at `createdAt` and is first saved at `now`; both in epoch seconds. */
export function firstRow(key: string, data: AttributeValue, createdAt: number, now: number, policy: ExpiryPolicy): SessionRow {
  const expiresAt = expiryToBe(createdAt, now, policy);
  return {
    key: { S: key },
    value: data,
    created_at: numberAttribute(createdAt),
    access_counter: numberAttribute(1),
    ...(expiresAt !== undefined && { ttl: numberAttribute(expiresAt) }),
  };
}
