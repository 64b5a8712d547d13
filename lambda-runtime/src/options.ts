import type { DynamoDBClient } from './dynamodb/dynamodb-client.js';
import { SessionOptionsError } from './errors.js';
import type { ExpiryPolicy } from './expiry.js';
import type { SessionStore } from './stores/store.js';
import { headerTransport } from './transports/header-transport.js';
import type { SessionTransport } from './transports/transport.js';

/** How a handler's sessions behave. Checked when `session()` is called. */
export interface SessionOptions {
  /**
   * The name of the header that carries the session id; matched case-insensitively.
   *
   * @default 'session-id'
   */
  readonly idKeyName?: string;

  /**
   * Whether the data may change once it is set. `false`: the first value set is kept for good, also when two invocations
   * race to set it.
   *
   * @default false
   */
  readonly update?: boolean;

  /**
   * Whole seconds until an unused session expires. 0: never.
   *
   * @default 0
   */
  readonly ttl?: number;

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
   * @default a lean one that takes region, credentials and endpoint from the environment
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
   * @default 'accept' for ids in headers
   */
  readonly clientIds?: 'accept' | 'reject';

  /**
   * Whether a new session is written even if no data was set.
   *
   * @default true
   */
  readonly saveUninitialized?: boolean;
}

/** The options with every default in place. */
export interface ResolvedOptions extends ExpiryPolicy {
  readonly update: boolean;
  readonly store: SessionStore | undefined;
  readonly client: DynamoDBClient | undefined;
  readonly consistentRead: boolean;
  readonly adoptsClientIds: boolean;
  readonly saveUninitialized: boolean;
  readonly transport: SessionTransport;
}

const DEFAULTS = {
  idKeyName: 'session-id',
  update: false,
  ttl: 0,
  store: undefined,
  client: undefined,
  consistentRead: true,
  clientIds: 'accept',
  saveUninitialized: true,
} as const;

/** @throws SessionOptionsError naming the option, its value and what it may be */
export function resolveOptions(given: SessionOptions = {}): ResolvedOptions {
  checkNames(given);
  const options = { ...DEFAULTS, ...withoutUndefined(given) };
  checkBoolean('update', options.update);
  checkBoolean('consistentRead', options.consistentRead);
  checkBoolean('saveUninitialized', options.saveUninitialized);
  checkSeconds('ttl', options.ttl);
  if (options.clientIds !== 'accept' && options.clientIds !== 'reject') {
    throw new SessionOptionsError(`clientIds must be 'accept' or 'reject', got ${show(options.clientIds)}`);
  }
  const transport = headerTransport({ name: options.idKeyName });
  return {
    update: options.update,
    store: options.store,
    client: options.client,
    consistentRead: options.consistentRead,
    adoptsClientIds: options.clientIds === 'accept',
    saveUninitialized: options.saveUninitialized,
    transport,
    ttl: options.ttl,
    absoluteTimeout: 0,
    touchAfter: options.ttl / 10,
  };
}

function checkNames(given: SessionOptions): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(DEFAULTS, name));
  if (unknown !== undefined) {
    throw new SessionOptionsError(`there is no option ${unknown}; the options are ${Object.keys(DEFAULTS).join(', ')}`);
  }
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') {
    throw new SessionOptionsError(`${name} must be true or false, got ${show(value)}`);
  }
}

function checkSeconds(name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new SessionOptionsError(`${name} must be a whole number of seconds, got ${show(value)}`);
  }
}

function withoutUndefined(given: SessionOptions): SessionOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
