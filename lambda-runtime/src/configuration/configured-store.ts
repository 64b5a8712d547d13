import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema.js';
import type { DynamoDBClient } from '../dynamodb/client/dynamodb-client.js';
import { SessionOptionsError, SessionStoreNotSetError } from '../errors.js';
import { processWide } from '../platform/process-wide.js';
import { DynamoDBStore } from '../stores/dynamodb/dynamodb-store.js';
import { JsonFileStore } from '../stores/json-file-store.js';
import { MemoryStore } from '../stores/memory-store.js';
import type { SessionStore } from '../stores/store.js';

const KINDS = ['dynamodbTableName', 'filePath', 'runtime'];

/** Exactly one of them, or none. */
export interface SessionStoreConfiguration {
  /**
   * Keep sessions in this DynamoDB table.
   *
   * @default the table named by the environment variable SESSION_LAMBDA_DYNAMODB_TABLE_NAME
   */
  readonly dynamodbTableName?: string;
  /** Keep sessions in this JSON file, for local development. */
  readonly filePath?: string;
  /** Keep sessions in the memory of this process, for tests. */
  readonly runtime?: true;
}

/**
 * Says where the sessions of this process are kept. Not needed in a function attached to a `SessionTable`.
 *
 * @throws SessionStoreNotSetError if neither argument nor environment names a store
 * @throws SessionOptionsError if more than one is named
 */
export function initSessionStore(configuration: SessionStoreConfiguration = {}): void {
  const { dynamodbTableName, filePath, runtime } = configuration;
  const given = Object.entries(configuration).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length > 1 || !given.every((name) => KINDS.includes(name))) {
    throw new SessionOptionsError(`initSessionStore takes one of ${KINDS.join(', ')}, got ${given.join(' and ')}`);
  }
  if (dynamodbTableName === '' || filePath === '') {
    throw new SessionOptionsError(`${given[0]} must not be empty`);
  }
  if (filePath !== undefined) {
    useStore(new JsonFileStore(filePath));
  } else if (runtime) {
    useStore(new MemoryStore());
  } else {
    useStore(dynamodbTableName === undefined ? environmentStore() : new DynamoDBStore({ tableName: dynamodbTableName }));
  }
}

/** Keeps the sessions of this process in the given store, unless a handler has the option `store`. */
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

function configured(): { store?: SessionStore } {
  return processWide('configured-store', () => ({}));
}

/**
 * The DynamoDB store of the table that the environment names.
 *
 * @throws SessionStoreNotSetError if it names none
 */
export function environmentStore(client?: DynamoDBClient): SessionStore {
  const tableName = process.env[TABLE_NAME_ENVIRONMENT_VARIABLE];
  if (!tableName) {
    throw new SessionStoreNotSetError(
      `Store not set: attach the function to a SessionTable, which sets ${TABLE_NAME_ENVIRONMENT_VARIABLE}, or call initSessionStore() or useStore()`,
    );
  }
  return new DynamoDBStore({ tableName, client });
}
