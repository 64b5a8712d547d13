import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { policyOf } from '../session/expiry.js';
import { firstRow } from '../session/first-row.js';
import type { SessionState } from '../session/session-state.js';
import { withSignedIn } from '../session/signed-in.js';
import type { SessionRow } from '../stores/session-row.js';

/** The row with which a session begins, signed in if `signIn` was called before. */
export function firstRowOf(session: SessionState, data: AttributeValue, { now, options }: StoreAccess): SessionRow {
  const row = firstRow(session.key, data, session.loadedAt, now(), { ...options, ...policyOf(session.signedIn, options) });
  return withSignedIn(row, session.signedIn);
}
