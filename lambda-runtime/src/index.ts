export { session } from './session.js';
export type { Handler, SessionHandler, SessionWrapper } from './session.js';
export type { SessionOptions } from './options.js';
export { streamingSession } from './streaming-session.js';
export type { ResponseStream, StreamingHandler } from './streaming-session.js';

export { ambientSession } from './ambient-session.js';
export type { AmbientSession } from './ambient-session.js';
export { currentSession } from './current-session.js';
export type { Session } from './current-session.js';
export type { SchemaResult, SessionDataOf, StandardSchema } from './schema.js';
export type { SessionConflict, SessionTrace } from './tracing.js';
export type { Update } from './updating.js';
export { getSessionData, setSessionData } from './session-data.js';
export { useSessionIdFromSeed } from './use-session-id-from-seed.js';

export { cookieTransport } from './transports/cookie-transport.js';
export type { CookieTransportProps } from './transports/cookie-props.js';
export { headerTransport } from './transports/header-transport.js';
export type { HeaderTransportProps } from './transports/header-transport.js';
export type { IdNews, SessionTransport } from './transports/transport.js';
export type { RequestHead, ResponseHead } from './http-head.js';

export { initSessionStore, useStore } from './configured-store.js';
export type { SessionStoreConfiguration } from './configured-store.js';

export { DynamoDBStore } from './stores/dynamodb-store.js';
export type { DynamoDBStoreProps } from './stores/dynamodb-store.js';
export { JsonFileStore } from './stores/json-file-store.js';
export { MemoryStore } from './stores/memory-store.js';
export type {
  Change, ChangeCondition, Creation, FailedWrite, FieldChanges, GetOptions, Regeneration, SessionRow, SessionStore, StoreCallOptions, Touch,
  WriteResult,
} from './stores/store.js';
export type {
  AttributeValue, ConditionalWrite, DeleteItemInput, DynamoDBCallOptions, DynamoDBClient, DynamoDBMetadata, GetItemInput, Item, PutItemInput,
  TransactWriteItemsInput, UpdateItemInput,
} from './dynamodb/dynamodb-client.js';

export {
  NoActiveSessionError, SessionConflictError, SessionDataError, SessionDataTooLargeError, SessionError, SessionOptionsError, SessionStoreError,
  SessionStoreNotSetError,
} from './errors.js';
