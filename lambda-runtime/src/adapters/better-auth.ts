/** @module better-auth */

import { keyedValues } from '../index.js';
import type { SessionOptions } from '../index.js';

/**
 * Where better-auth's data is kept; as of `session()`.
 *
 * @example
 * ```ts
 * import { secondaryStorage } from 'cdk-session-table/lambda-runtime/better-auth';
 * import type { SecondaryStorageOptions } from 'cdk-session-table/lambda-runtime/better-auth';
 * import { MemoryStore } from 'cdk-session-table/lambda-runtime';
 *
 * const options: SecondaryStorageOptions = { store: new MemoryStore() };
 * const storage = secondaryStorage(options);
 * ```
 */
export type SecondaryStorageOptions = Pick<SessionOptions, 'store' | 'client'>;

/**
 * better-auth's `SecondaryStorage`.
 *
 * @example
 * ```ts
 * import { secondaryStorage } from 'cdk-session-table/lambda-runtime/better-auth';
 * import type { SessionTableSecondaryStorage } from 'cdk-session-table/lambda-runtime/better-auth';
 *
 * const storage: SessionTableSecondaryStorage = secondaryStorage();
 * const attempts = await storage.increment('sign-in:ada', 60);
 * ```
 */
export interface SessionTableSecondaryStorage {
  /** The value of a key; `null` if there is none, or it has expired. */
  get(key: string): Promise<string | null>;
  /** Sets the value of a key for `ttl` seconds; without `ttl` it never expires, with one that is not above 0 it is gone immediately. */
  set(key: string, value: string, ttl?: number): Promise<void>;
  /** Deletes a key. */
  delete(key: string): Promise<void>;
  /** The value of a key, which is gone afterwards. If several ask at the same time, one gets it, the others `null`. */
  getAndDelete(key: string): Promise<string | null>;
  /** Adds one to the counter of a key and returns the result. `ttl` seconds count from the first increment. */
  increment(key: string, ttl: number): Promise<number>;
}

/**
 * Keeps the sessions, verifications and rate limits of better-auth on the session table:
 * `betterAuth({ secondaryStorage: secondaryStorage() })`. Keys are stored as hashes, in rows that no client can present as a
 * session.
 *
 * All methods reject with a `SessionStoreError` if the store fails, `set` with a `SessionDataTooLargeError` for a value that
 * does not fit DynamoDB's 400 KB.
 *
 * @example
 * ```ts
 * import { betterAuth } from 'better-auth';
 * import { secondaryStorage } from 'cdk-session-table/lambda-runtime/better-auth';
 *
 * export const auth = betterAuth({
 *   emailAndPassword: { enabled: true },
 *   secondaryStorage: secondaryStorage(),
 * });
 * ```
 *
 * @throws SessionOptionsError immediately for an option that cannot work
 * @see https://www.better-auth.com/docs/concepts/database#secondary-storage
 */
export function secondaryStorage(options: SecondaryStorageOptions = {}): SessionTableSecondaryStorage {
  const values = keyedValues('better-auth', options);
  return {
    get: async (key) => asText(await values.get(key)),
    set: (key, value, ttl) => (ttl !== undefined && !(ttl > 0) ? values.delete(key) : values.set(key, value, wholeSeconds(ttl ?? 0))),
    delete: (key) => values.delete(key),
    getAndDelete: async (key) => asText(await values.take(key)),
    increment: (key, ttl) => values.increment(key, Math.max(1, wholeSeconds(ttl))),
  };
}

function asText(value: string | number | null): string | null {
  return value === null ? null : String(value);
}

/** better-auth computes some of its times to live, which need not be whole; a session that has a second left is kept for it. */
function wholeSeconds(ttl: number): number {
  return Math.ceil(ttl);
}
