import { sha256 } from '../ids/session-id.js';

/*
 * The keys of rows that are no sessions. They begin with a control character, which no presented id can hold, so that
 * nobody can name them.
 */

/** The key of the row that links a WebSocket connection to its session. */
export function keyOfLink(connectionId: string): string {
  return `\u0001ws:${sha256(connectionId)}`;
}

/** The key of the row in which a framework keeps something that is no session of ours, such as better-auth's rate limits. */
export function keyOfValue(framework: string, key: string): string {
  return `\u0001${framework}:${sha256(key)}`;
}
