import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import type { SessionRow } from '../stores/session-row.js';

/** What `signIn` adds to a row; attributes that are `undefined` are removed from it. */
export type SignedIn = Readonly<Record<string, AttributeValue | undefined>>;

/** @param signedIn none: the row stays as it is */
export function withSignedIn(row: SessionRow, signedIn: SignedIn | undefined): SessionRow {
  if (signedIn === undefined) {
    return row;
  }
  const attributes = Object.entries({ ...row, ...signedIn }).filter(([, attribute]) => attribute !== undefined);
  return Object.fromEntries(attributes) as unknown as SessionRow;
}
