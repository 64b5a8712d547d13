import type { DynamoDBClient } from '../dynamodb/client/dynamodb-client.js';
import type { SecretSource } from '../ids/secrets.js';
import type { StandardSchema } from '../session/schema.js';
import type { SessionStore } from '../stores/store.js';
import type { SessionTransport } from '../transports/transport.js';

/**
 * How a handler's sessions behave. Checked when `session()` is called.
 *
 * @example
 * ```ts
 * import { cookieTransport } from 'cdk-session-table/lambda-runtime';
 * import type { SessionOptions } from 'cdk-session-table/lambda-runtime';
 *
 * // For a login: the id in a cookie, hashed on the table, an idle and an absolute timeout.
 * const options: SessionOptions = {
 *   transport: cookieTransport(), update: true, ttl: 15 * 60, absoluteTimeout: 8 * 60 * 60, hashIds: true,
 * };
 * ```
 */
export interface SessionOptions<TEvent = any> {
  /**
   * The name of the header that carries the session id; matched case-insensitively. Short for
   * `transport: headerTransport({ name })`.
   *
   * @default 'session-id'
   */
  readonly idKeyName?: string;

  /**
   * How the session id travels between client and function: `headerTransport()` or `cookieTransport()`.
   *
   * @default a header of the name `idKeyName`
   */
  readonly transport?: SessionTransport;

  /**
   * Finds the session id in the event, for events that are not requests of a client, such as those of Lex, Slack or SQS. An
   * id that the store does not know becomes a session unless ids of clients are rejected (`clientIds`), as they are with
   * cookies. `undefined`, or what cannot be an id: a fresh session.
   *
   * @default the transport, or the link of a WebSocket connection, finds the id
   */
  readonly sessionId?: (event: TEvent) => string | undefined;

  /**
   * Whether the data may change once it is set. `false`: the first value set is permanent, also when two invocations
   * race to set it.
   *
   * @default false
   */
  readonly update?: boolean;

  /**
   * What happens with `update: false` when a handler changes data that is already set, and the change is not saved: `warn`
   * on the console, once for each process, or `throw` a `SessionError` when the handler has returned. Either way it is
   * published on the diagnostics channel `cdk-session-table.ignored-change`.
   *
   * @default 'warn'
   */
  readonly onIgnoredChange?: 'warn' | 'throw';

  /**
   * Whole seconds until an unused session expires. 0: never; a session that has an expiry loses it. Functions that share
   * sessions should have one `ttl`: each of them gives a session its own expiry, so those with different ones write at every
   * visit that alternates, and the last visit counts.
   *
   * @default none: new sessions never expire, and others keep the expiry that they have
   */
  readonly ttl?: number;

  /**
   * Whole seconds from its creation after which a session ends however much it is used. 0: never. For a row without a creation
   * time, such as one that was added manually, they count from the first write.
   *
   * @default 0
   */
  readonly absoluteTimeout?: number;

  /**
   * How many seconds of its `ttl` an unchanged session must have used up for its expiry to be renewed, which costs a write.
   * Less than `ttl`, and than the `maxAge` of a cookie. Needs `update: true`.
   *
   * @default a tenth of `ttl`, or of the `maxAge` of a cookie if that is less
   */
  readonly touchAfter?: number;

  /**
   * Whether an unchanged session is renewed at all. With `update: false` none is, unless by `touch()`.
   *
   * @default true; with `update: false` false
   */
  readonly rolling?: boolean;

  /**
   * Where sessions are kept.
   *
   * @default the one set by `initSessionStore` or `useStore`, else the DynamoDB table that the environment names
   */
  readonly store?: SessionStore;

  /**
   * The client through which the DynamoDB table of the environment is reached, for instance `new DynamoDB({...})` from
   * `@aws-sdk/client-dynamodb`.
   *
   * @default the built-in lightweight client, which takes region, credentials and endpoint from the environment
   */
  readonly client?: DynamoDBClient;

  /**
   * Whether a session is read as the last write left it. `false` halves the price of reading and may show a session as it
   * was a moment ago.
   *
   * @default true
   */
  readonly consistentRead?: boolean;

  /**
   * What happens to an id that the client presents and the store does not know: `accept` makes a session of that id,
   * `reject` one with a fresh id.
   *
   * @default 'accept' for ids in headers; ids in cookies are always rejected
   */
  readonly clientIds?: 'accept' | 'reject';

  /**
   * Whether a new session is written even if no data was set. Not for CORS preflights, health checks, and events or results
   * with which nobody could learn its id. A refused `$connect` begins no session even if data was set.
   *
   * @default true; with `cookieTransport` false
   */
  readonly saveUninitialized?: boolean;

  /**
   * Whether responses to HTTP requests that carry a session id, or clear it, get `Cache-Control: no-store` unless the handler's
   * own says `private` or `no-store`: a shared cache would hand one client's id to others.
   *
   * @default true
   */
  readonly preventCaching?: boolean;

  /**
   * Whether the table holds SHA-256 hashes of the session ids, so that whoever can read it learns no id that works. Sessions
   * made before it was switched on are not found any more.
   *
   * @default false
   */
  readonly hashIds?: boolean;

  /**
   * A secret of at least 32 bytes with which ids are hashed (HMAC-SHA-256), so that guessed ids cannot be looked up either;
   * or a list of them, or a function that fetches them, called during init and again after five minutes. In a list the first
   * makes new rows, and sessions are found under all: put a new one in front, and remove the old one when its sessions have
   * expired. Each further one costs a read for an id that is not found under the first. Needs `hashIds`.
   *
   * @default none
   */
  readonly pepper?: string | readonly string[] | SecretSource;

  /**
   * What the session data must be, by any library that follows Standard Schema (zod, valibot, arktype). Validates what is
   * loaded, of which the handler sees the schema's output, and what is set. So data to be changed needs a schema that takes
   * what it puts out. Must validate immediately, not by a promise.
   *
   * @default none
   * @see https://standardschema.dev
   */
  readonly schema?: StandardSchema;

  /**
   * What happens to a session whose data the schema refuses when it is loaded: `throw` a `SessionDataError`, or take it for
   * expired and begin a `new` one.
   *
   * @default 'throw'
   */
  readonly onInvalid?: 'throw' | 'new';
}
