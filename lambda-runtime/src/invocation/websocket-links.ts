import type { Invocation, StoreAccess } from './invocation.js';
import type { Connection } from '../events/event-format.js';
import { keyOfLink } from '../stores/row-keys.js';
import { numberAttribute } from '../stores/session-row.js';
import type { SessionRow } from '../stores/store.js';

/**
 * Which session a WebSocket connection has: only `$connect` comes with headers and cookies, so a row of its own leads from
 * the connection to the session. It is no session: nobody can present its key, which begins with a control character. And
 * it holds the key of the session's row, which is not the id where ids are hashed.
 */

/**
 * As long as API Gateway lets a connection be. The expiry of a link has DynamoDB delete what no `$disconnect` did, which API
 * Gateway does not promise to send; it ends nothing, since the `$disconnect` of the longest connection comes after it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const LONGEST_CONNECTION_SECONDS = 2 * 60 * 60;

/** The row that links a connection to a session, if there is one. */
export function readLink(connectionId: string, { store, options, limits }: StoreAccess): Promise<SessionRow | undefined> {
  return store.get(keyOfLink(connectionId), { ...limits(), consistentRead: options.consistentRead });
}

/** Links the connection to the session as it is after the invocation, and ends the link with the connection or the session. */
export async function writeLink({ id, phase }: Connection, { link, session, access: { store, limits, now } }: Invocation): Promise<void> {
  const key = keyOfLink(id);
  if (phase === 'disconnect' || session.isDestroyed) {
    await store.destroy(key, limits());
  } else if (session.isStored && link === undefined) {
    await store.create({ row: newLink(key, session.key, now()) }, limits()); // of two messages that race to be first the first stands
  } else if (session.isStored && link!.value?.S !== session.key) {
    await store.save({ from: link!, condition: 'any-value', value: { S: session.key }, now: now() }, limits());
  }
}

function newLink(key: string, sessionKey: string, now: number): SessionRow {
  return {
    key: { S: key },
    value: { S: sessionKey },
    created_at: numberAttribute(now),
    ttl: numberAttribute(Math.floor(now) + LONGEST_CONNECTION_SECONDS),
  };
}
