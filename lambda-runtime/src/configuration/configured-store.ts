import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema.js';
import type { DynamoDBClient } from '../dynamodb/client/dynamodb-client.js';
import { SessionOptionsError, SessionStoreNotSetError } from '../errors.js';
import { checkOptionNames } from '../platform/option-names.js';
import { processWide } from '../platform/process-wide.js';
import { DynamoDBStore } from '../stores/dynamodb/dynamodb-store.js';
import type { DynamoDBStoreProps } from '../stores/dynamodb/dynamodb-store.js';
import { JsonFileStore } from '../stores/json-file-store.js';
import { MemoryStore } from '../stores/memory-store.js';
import type { SessionStore } from '../stores/store.js';

const KINDS: readonly (keyof SessionStoreConfiguration)[] = ['dynamodbTableName', 'filePath', 'runtime'];

/**
 * At most one of `dynamodbTableName`, `filePath` and `runtime`; `collectionsTableName` belongs to the first.
 *
 * @example
 * ```ts
 * import { initSessionStore } from 'cdk-session-table/lambda-runtime';
 * import type { SessionStoreConfiguration } from 'cdk-session-table/lambda-runtime';
 *
 * const configuration: SessionStoreConfiguration = { dynamodbTableName: 'sessions', collectionsTableName: 'collections' };
 * initSessionStore(configuration);
 * ```
 */
export interface SessionStoreConfiguration {
  /**
   * Keep sessions in this DynamoDB table.
   *
   * @default the table named by the environment variable SESSION_LAMBDA_DYNAMODB_TABLE_NAME
   */
  readonly dynamodbTableName?: string;
  /**
   * Keep conversations and the sessions of users in this DynamoDB table: partition key `collection` and sort key `item`, both
   * of type S, TTL on `ttl`. The other two stores need none.
   *
   * @default the table named by the environment variable SESSION_LAMBDA_COLLECTIONS_TABLE_NAME, if it is set
   */
  readonly collectionsTableName?: string;
  /** Keep sessions in this JSON file, for local development. */
  readonly filePath?: string;
  /** Keep sessions in the memory of this process, for tests. */
  readonly runtime?: true;
}

/**
 * Configures where the sessions of this process are kept. Not needed in a function attached to a `SessionTable`.
 *
 * @example
 * ```ts
 * import { initSessionStore } from 'cdk-session-table/lambda-runtime';
 *
 * initSessionStore({ runtime: true }); // in memory, for a test
 * initSessionStore({ filePath: 'local_store.json' }); // in a file that you can read
 * initSessionStore({ dynamodbTableName: 'sessions' }); // without the variable that attach() sets
 * ```
 *
 * @throws SessionStoreNotSetError if neither the argument nor the environment names a store
 * @throws SessionOptionsError if the argument names more than one, or the session table as the collections table
 */
export function initSessionStore(configuration: SessionStoreConfiguration = {}): void {
  checkOptionNames(configuration, [...KINDS, 'collectionsTableName'], 'initSessionStore()');
  const { collectionsTableName, ...store } = configuration;
  const { dynamodbTableName, filePath, runtime } = store;
  const given = Object.entries(store).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length > 1) {
    throw new SessionOptionsError(`initSessionStore takes one of ${KINDS.join(', ')}, got ${given.join(' and ')}`);
  }
  if (dynamodbTableName === '' || filePath === '') {
    throw new SessionOptionsError(`${given[0]} must not be empty`);
  }
  if (collectionsTableName === '') {
    throw new SessionOptionsError('collectionsTableName must not be empty');
  }
  if (collectionsTableName !== undefined && (filePath !== undefined || runtime)) {
    throw new SessionOptionsError(`collectionsTableName belongs to dynamodbTableName, got it with ${given[0]}, which keeps collections itself`);
  }
  if (filePath !== undefined) {
    useStore(new JsonFileStore(filePath));
  } else if (runtime) {
    useStore(new MemoryStore());
  } else {
    useStore(dynamoDBStore({ tableName: dynamodbTableName, collectionsTableName }));
  }
}

/**
 * Keeps the sessions of this process in the given store, unless a handler has the option `store`.
 *
 * @example
 * ```ts
 * import { JsonFileStore, useStore } from 'cdk-session-table/lambda-runtime';
 *
 * useStore(new JsonFileStore('local_store.json'));
 * ```
 */
export function useStore(store: SessionStore): void {
  configured().store = store;
}

/** The store that `initSessionStore` or `useStore` set, if one did. */
export function configuredStore(): SessionStore | undefined {
  return configured().store;
}

/**
 * Refuses the option `client` where the process has a store already: the store has its own client, and this one would never be used.
 *
 * @throws SessionOptionsError
 */
export function refuseUnusedClient(client: DynamoDBClient | undefined): void {
  if (client !== undefined && configuredStore() !== undefined) {
    throw new SessionOptionsError(
      'the option client has no effect beside initSessionStore() or useStore(): remove that call, '
      + 'or give the client to the store: useStore(new DynamoDBStore({ tableName, client }))',
    );
  }
}

function configured(): { store?: SessionStore; warmClient?: DynamoDBClient } {
  return processWide('configured-store', () => ({}));
}

/**
 * The DynamoDB store with the tables that the environment names.
 *
 * @throws SessionStoreNotSetError if it names no session table
 */
export function environmentStore(client?: DynamoDBClient): SessionStore {
  return dynamoDBStore({ client: client ?? configured().warmClient });
}

/** Has the store of the environment speak through this client, which is warm, unless a handler has the option `client`. */
export function useWarmClient(client: DynamoDBClient): void {
  configured().warmClient = client;
}

function dynamoDBStore({ tableName, collectionsTableName, client }: Partial<DynamoDBStoreProps>): SessionStore {
  const name = tableName ?? process.env[TABLE_NAME_ENVIRONMENT_VARIABLE];
  if (!name) {
    throw new SessionStoreNotSetError(
      `Store not set: attach the function to a SessionTable, which sets ${TABLE_NAME_ENVIRONMENT_VARIABLE}, or call initSessionStore() or useStore()`,
    );
  }
  // An environment variable that is set to nothing names no table.
  const collections = collectionsTableName ?? (process.env[COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE] || undefined);
  return new DynamoDBStore({ tableName: name, collectionsTableName: collections, client });
}
