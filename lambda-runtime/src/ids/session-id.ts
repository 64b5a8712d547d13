import { crypto } from '../platform/node-modules.js';

/** 1 to 2048 visible ASCII characters: what fits a header, a cookie and DynamoDB's limit for a partition key. */
const USABLE_ID = /^[\x21-\x7e]{1,2048}$/;

/** From a session id to the key of its row. */
export type KeyOfId = (id: string) => string;

/** A fresh id: 32 random bytes as 43 characters of base64url. */
export function generateSessionId(): string {
  return crypto().randomBytes(32).toString('base64url');
}

/** The id that belongs to a seed: its SHA-256 in hex. */
export function sessionIdFromSeed(seed: string): string {
  return sha256(seed);
}

/** Whether what a client presented can be a session id at all. */
export function isUsableId(presented: unknown): presented is string {
  return typeof presented === 'string' && USABLE_ID.test(presented);
}

/** The id itself or its SHA-256 in hex, with a pepper its HMAC-SHA-256: who reads the table then learns no id. */
export function keyOfId(hashIds: boolean, pepper: string | undefined): KeyOfId {
  if (!hashIds) {
    return (id) => id;
  }
  return pepper === undefined ? sha256 : (id) => crypto().createHmac('sha256', pepper).update(id).digest('hex');
}

/** A short hash of a row's key, to bring log lines and traces of one session together. Leads to no id. */
export function correlationHash(key: string): string {
  return sha256(key).slice(0, 12);
}

/** The SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex');
}
