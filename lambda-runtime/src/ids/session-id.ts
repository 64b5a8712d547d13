import type { Secrets } from './secrets.js';
import { crypto } from '../platform/node-modules.js';

/** 1 to 2048 visible ASCII characters: what fits a header, a cookie and DynamoDB's limit for a partition key. */
const USABLE_ID = /^[\x21-\x7e]{1,2048}$/;

/** From a session id to the key of its row. */
export interface RowKeys {
  keyOfId(id: string): string;
  /** The same, and the keys of rows that were made under peppers since replaced. */
  keysOfId(id: string): string[];
}

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

/**
 * The id itself or its SHA-256 in hex, with peppers its HMAC-SHA-256: whoever reads the table then learns no id. Sessions
 * are found under every pepper, and new ones made under the first.
 */
export function rowKeys(hashIds: boolean, peppers: Secrets | undefined): RowKeys {
  if (!hashIds) {
    return { keyOfId: (id) => id, keysOfId: (id) => [id] };
  }
  if (peppers === undefined) {
    return { keyOfId: sha256, keysOfId: (id) => [sha256(id)] };
  }
  const keyUnder = (pepper: string, id: string) => crypto().createHmac('sha256', pepper).update(id).digest('hex');
  return {
    keyOfId: (id) => keyUnder(peppers.current()[0], id),
    keysOfId: (id) => peppers.current().map((pepper) => keyUnder(pepper, id)),
  };
}

/** A short hash of a row's key, to bring log lines and traces of one session together. Leads to no id. */
export function correlationHash(key: string): string {
  return sha256(key).slice(0, 12);
}

/** The SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex');
}
