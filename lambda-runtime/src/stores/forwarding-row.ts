import { isLive, numberAttribute } from './session-row.js';
import type { SessionRow } from './session-row.js';

/** How long a forwarding row exists: long enough for requests that were under way when the session moved. */
const FORWARDING_SECONDS = 60;

/**
 * The row that `regenerate` leaves in place of a session's row. It says where the session is now and holds no data. A logout
 * follows it, and so does the save of an invocation that had loaded the session before it moved. Nobody else does: whoever
 * knew the id before a login would have the session after it.
 */
export function forwardingRow(from: SessionRow, to: string, now: number): SessionRow {
  return { key: from.key, value: { NULL: true }, moved_to: { S: to }, ttl: numberAttribute(Math.floor(now) + FORWARDING_SECONDS) };
}

/** Where the session that had this row is now; `undefined` if the row is not a forwarding row, or an expired one. */
export function destinationOf(row: SessionRow | undefined, now: number): string | undefined {
  return row !== undefined && isLive(row, now) ? row.moved_to?.S : undefined;
}
