import { createHash } from 'node:crypto';
import type { PresentedId, StoreAccess } from './invocation.js';
import type { Connection } from './events/event-format.js';
import { isExpired } from './expiry.js';
import { numberAttribute } from './session-row.js';
import type { SessionState } from './session-state.js';

/**
 * Which session a WebSocket connection has: only `$connect` comes with headers and cookies, so a row of its own leads from
 * the connection to the session. It is no session: nobody can present its key, which begins with a control character.
 */

/**
 * As long as API Gateway lets a connection be.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const LONGEST_CONNECTION_SECONDS = 2 * 60 * 60;

export async function readLink(connectionId: string, { store, options, limits, now }: StoreAccess): Promise<PresentedId | undefined> {
  const link = await store.get(linkKey(connectionId), { ...limits(), consistentRead: options.consistentRead });
  const key = link?.value?.S;
  return key === undefined || isExpired(link!, now(), options) ? undefined : { id: key, key, isAdopted: false };
}

/** Links the connection to the session as it is after the invocation, and ends the link with the connection or the session. */
export async function writeLink(
  { id: connectionId, phase }: Connection,
  linked: PresentedId | undefined,
  session: SessionState,
  { store, limits, now }: StoreAccess,
): Promise<void> {
  const key = linkKey(connectionId);
  if (phase === 'disconnect' || session.isDestroyed) {
    await store.destroy(key, limits());
    return;
  }
  const isLinked = phase === 'message' && linked?.key === session.key;
  if (isLinked || !session.isStored) {
    return;
  }
  const row = {
    key: { S: key },
    value: { S: session.key },
    created_at: numberAttribute(now()),
    ttl: numberAttribute(Math.floor(now()) + LONGEST_CONNECTION_SECONDS),
  };
  const result = await store.create({ row }, limits());
  if (!result.written && result.found !== undefined) {
    await store.save({ from: result.found, condition: 'any-value', value: row.value, now: now() }, limits());
  }
}

function linkKey(connectionId: string): string {
  return `\u0001ws:${createHash('sha256').update(connectionId).digest('hex')}`;
}
