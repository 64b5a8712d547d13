export { session } from './session.js';
export type { Handler, SessionHandler, SessionWrapper } from './session.js';
export type { SessionOptions } from './options.js';

export { currentSession, getSessionData, setSessionData, useSessionIdFromSeed } from './current-session.js';
export type { Session } from './current-session.js';

export { initSessionStore, useStore } from './configured-store.js';
export type { SessionStoreConfiguration } from './configured-store.js';

export { DynamoDBStore } from './stores/dynamodb-store.js';
export type { DynamoDBStoreProps } from './stores/dynamodb-store.js';
export { JsonFileStore } from './stores/json-file-store.js';
export { MemoryStore } from './stores/memory-store.js';
export type {
  Change, ChangeCondition, Creation, FieldChanges, GetOptions, SessionRow, SessionStore, StoreCallOptions, Touch, WriteResult,
} from './stores/store.js';
export type {
  AttributeValue, ConditionalWrite, DeleteItemInput, DynamoDBCallOptions, DynamoDBClient, DynamoDBMetadata, GetItemInput, Item, PutItemInput,
  TransactWriteItemsInput, UpdateItemInput,
} from './dynamodb/dynamodb-client.js';

export {
  NoActiveSessionError, SessionConflictError, SessionDataError, SessionDataTooLargeError, SessionError, SessionOptionsError, SessionStoreError,
  SessionStoreNotSetError,
} from './errors.js';
