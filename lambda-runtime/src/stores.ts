export { testSessionStore } from './stores/contract/test-session-store.js';
export type { RegisterSessionStoreTest, SessionStoreTestProps } from './stores/contract/test-session-store.js';
export type { StoreFeature } from './stores/contract/contract-test.js';

export { applyChange, applyCreation, applyTouch, canRegenerate } from './stores/apply-write.js';
export type { DestroyOptions, GetOptions, StoreCallOptions } from './stores/call-options.js';
export type { SessionRow } from './stores/session-row.js';
export type { Change, ChangeCondition, Creation, FailedWrite, FieldChanges, NewExpiry, Regeneration, Touch, WriteResult } from './stores/writes.js';
export type { SessionStore } from './stores/store.js';
export type {
  CollectionItem, CollectionPage, CollectionQuery, CollectionsStore, CollectionWrite, CollectionWriteResult, FailedCollectionWrite,
} from './stores/collections/collections-store.js';
export type { CollectionsTable } from './stores/collections/collections-table.js';
export type {
  ConditionalWrite, DeleteItemInput, DynamoDBCallOptions, DynamoDBClient, DynamoDBMetadata, GetItemInput, PutItemInput, TransactWriteItemsInput,
  UpdateItemInput,
} from './dynamodb/client/dynamodb-client.js';
export type { AttributeValue, Item } from './dynamodb/values/attribute-value.js';
