import { checkOptions } from './check-options.js';
import type { SessionOptions } from './session-options.js';
import { READ_AND_WRITE, READ_ONLY_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema.js';
import type { DynamoDBClient } from '../dynamodb/client/dynamodb-client.js';
import { secretsOf } from '../ids/secrets.js';
import { rowKeys } from '../ids/session-id.js';
import type { RowKeys } from '../ids/session-id.js';
import type { ExpiryPolicy } from '../session/expiry.js';
import type { StandardSchema } from '../session/schema.js';
import type { SessionStore } from '../stores/store.js';
import { headerTransport } from '../transports/header-transport.js';
import type { SessionTransport } from '../transports/transport.js';

/** The options with every default in place. */
export interface ResolvedOptions extends ExpiryPolicy, RowKeys {
  readonly update: boolean;
  readonly throwsIgnoredChange: boolean;
  readonly rolling: boolean;
  readonly store: SessionStore | undefined;
  readonly client: DynamoDBClient | undefined;
  readonly consistentRead: boolean;
  readonly transport: SessionTransport;
  readonly adoptsClientIds: boolean;
  readonly sessionId: ((event: any) => string | undefined) | undefined;
  readonly saveUninitialized: boolean;
  /** Whether the keys of rows are hashes of the ids. */
  readonly hashesIds: boolean;
  /** Waits for secrets that come from a function; none: there is nothing to wait for. Called before each invocation reads its id. */
  readonly prepare: (() => Promise<unknown>) | undefined;
  /** Whether responses that carry an id are kept from shared caches. */
  readonly preventCaching: boolean;
  readonly schema: StandardSchema | undefined;
  readonly invalidIsNew: boolean;
  /** Whether the function may only read sessions. */
  readonly isReadOnly: boolean;
}

/** @throws SessionOptionsError naming the option, its value and what it may be */
export function resolveOptions(given: SessionOptions = {}): ResolvedOptions {
  checkOptions(given);
  const { idKeyName, transport = headerTransport({ name: idKeyName }), ttl = 0, hashIds = false, pepper } = given;
  const peppers = pepper === undefined ? undefined : secretsOf('pepper', pepper);
  return {
    update: given.update ?? false,
    throwsIgnoredChange: given.onIgnoredChange === 'throw',
    ttl,
    absoluteTimeout: given.absoluteTimeout ?? 0,
    touchAfter: given.touchAfter ?? Math.min(ttl, transport.maxAge ?? Infinity) / 10,
    neverExpires: given.ttl === 0,
    rolling: given.rolling ?? true,
    store: given.store,
    client: given.client,
    consistentRead: given.consistentRead ?? true,
    transport,
    adoptsClientIds: given.clientIds === undefined ? transport.adoptsUnknownIds : given.clientIds === 'accept',
    sessionId: given.sessionId,
    saveUninitialized: given.saveUninitialized ?? transport.saveUninitialized ?? true,
    ...rowKeys(hashIds, peppers),
    hashesIds: hashIds,
    prepare: preparation(peppers, transport),
    preventCaching: given.preventCaching ?? true,
    schema: given.schema,
    invalidIsNew: given.onInvalid === 'new',
    isReadOnly: isReadOnly(process.env[READ_ONLY_ENVIRONMENT_VARIABLE]),
  };
}

function preparation(...needed: readonly ({ prepare?(): Promise<void> } | undefined)[]): ResolvedOptions['prepare'] {
  const slow = needed.filter((each) => each?.prepare !== undefined);
  return slow.length === 0 ? undefined : () => Promise.all(slow.map((each) => each!.prepare!()));
}

/** Fails closed: whoever sets the variable to anything that does not say no wants the function to read only. */
function isReadOnly(variable = ''): boolean {
  return !READ_AND_WRITE.includes(variable.trim().toLowerCase());
}
