import { createHash, randomBytes } from 'node:crypto';

/** 1 to 2048 visible ASCII characters: what fits a header, a cookie and DynamoDB's limit for a partition key. */
const USABLE_ID = /^[\x21-\x7e]{1,2048}$/;

/** A fresh id: 32 random bytes as 43 characters of base64url. */
export function generateSessionId(): string {
  return randomBytes(32).toString('base64url');
}

/** The id that belongs to a seed: its SHA-256 in hex. */
export function sessionIdFromSeed(seed: string): string {
  return createHash('sha256').update(seed).digest('hex');
}

/** Whether what a client presented can be a session id at all. */
export function isUsableId(presented: unknown): presented is string {
  return typeof presented === 'string' && USABLE_ID.test(presented);
}
