import type { SessionRow } from './session-row.js';

const OWN_ATTRIBUTES = ['value', 'created_at', 'access_counter', 'ttl', 'moved_to'];

/** Marks the row of a session whose key is the hash of its id. */
export const HASHED_KEY = { id_hashed: { BOOL: true } } as const;

/**
 * Whether a row cannot be the session of an id that leads to its key, so that it is neither read nor written nor deleted:
 *
 * - it belongs to something else that uses the table: it has attributes, but none of a session's
 * - its key is the hash of an id, which was presented to a function that does not hash ids: whoever can read the table could
 *   otherwise use what it holds
 */
export function isForeign(row: SessionRow, hashesIds: boolean): boolean {
  const isOfAnotherKind = Object.keys(row).length > 1 && OWN_ATTRIBUTES.every((attribute) => row[attribute] === undefined);
  return isOfAnotherKind || (!hashesIds && row.id_hashed !== undefined);
}
