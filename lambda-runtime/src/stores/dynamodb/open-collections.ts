import { DynamoDBCollections } from './dynamodb-collections.js';
import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../../src/shared-with-runtime/table-schema.js';
import { SessionStoreNotSetError } from '../../errors.js';
import type { CollectionsStore } from '../collections/collections-store.js';
import type { SessionStore } from '../store.js';

/**
 * The collections beside the sessions of a store.
 *
 * @param caller the function that needs them, for the error
 * @throws SessionStoreNotSetError if the store has none
 */
export function openCollections({ collections }: SessionStore, caller: string): CollectionsStore {
  if (collections === undefined) {
    throw new SessionStoreNotSetError(
      `${caller}() needs a collections table: set collections: true on the SessionTable, whose attach() then sets ${COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE}, `
      + 'or pass collectionsTableName to initSessionStore() or to the DynamoDBStore',
    );
  }
  return 'tableName' in collections ? new DynamoDBCollections(collections) : collections;
}
