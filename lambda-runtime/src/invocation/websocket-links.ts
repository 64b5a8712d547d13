import type { Invocation, PresentedId, StoreAccess } from './invocation.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import type { Connection } from '../events/event-format.js';
import { generateSessionId } from '../ids/session-id.js';
import { keyOfLink } from '../stores/row-keys.js';
import { numberAttribute } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/**
 * Which session a WebSocket connection has: only `$connect` comes with headers and cookies, so a separate row leads from the
 * connection to the session. It is not a session: nobody can present its key, which begins with a control character. And it
 * holds the key of the session's row, which is not the id where ids are hashed, and when that life of the session began: a
 * session that is begun again under the same key may be somebody else's.
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

/** The session that a link leads to. A link knows no more of the id than the table does: where ids are hashed, the hash. */
export function presentedByLink(link: SessionRow | undefined): PresentedId[] {
  const fields: Readonly<Record<string, AttributeValue>> = link?.value?.M ?? {};
  const key = fields.key ?? link?.value; // links of earlier versions hold the key alone
  if (key?.S === undefined) {
    return [];
  }
  const isClaim = fields.claimed !== undefined; // made before its session, which this connection alone may begin
  const life = fields.created_at && { key, created_at: fields.created_at };
  return [{ id: key.S, keys: [key.S], isAdopted: isClaim, life }];
}

/**
 * Links a connection that leads to no session to a fresh id, before there is a session: two messages at the same time then begin one
 * session and not two. Returns the id that the connection has now, whichever of them was first.
 */
export async function claimLink({ id: connectionId }: Connection, invocation: Invocation): Promise<PresentedId[]> {
  const { link, access: { store, options, limits, now } } = invocation;
  const id = generateSessionId();
  const value = { M: { key: { S: options.keyOfId(id) }, claimed: { BOOL: true } } };
  const row = newLink(keyOfLink(connectionId), value, now());
  const result = link === undefined
    ? await store.create({ row }, limits())
    : await store.save({ from: link, condition: 'same-version', value, now: now() }, limits());
  if (!result.written && !equal(result.found?.value, value)) {
    invocation.link = result.found ?? link;
    return presentedByLink(result.found);
  }
  invocation.link = link ?? row;
  return [{ id, keys: [value.M.key.S], isAdopted: true }];
}

/** Links the connection to the session as it is after the invocation, and ends the link with the connection or the session. */
export async function writeLink({ id, phase }: Connection, { isRefused, link, session, access: { store, limits, now } }: Invocation): Promise<void> {
  const key = keyOfLink(id);
  if (phase === 'disconnect' || session.isDestroyed) {
    await store.destroy(key, limits());
  } else if (session.isStored && !isRefused) {
    const value = { M: { key: { S: session.key }, ...(session.createdAt && { created_at: session.createdAt }) } };
    if (link === undefined) {
      await store.create({ row: newLink(key, value, now()) }, limits());
    } else if (!equal(link.value, value)) {
      await store.save({ from: link, condition: 'any-value', value, now: now() }, limits());
    }
  }
}

function newLink(key: string, value: AttributeValue, now: number): SessionRow {
  return { key: { S: key }, value, created_at: numberAttribute(now), ttl: numberAttribute(Math.floor(now) + LONGEST_CONNECTION_SECONDS) };
}
