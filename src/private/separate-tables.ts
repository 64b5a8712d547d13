import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { COLLECTION_ATTRIBUTES } from '../shared-with-runtime/table-schema';

/**
 * Checks that a collections table, which is in the account and region of its session table, is another table.
 *
 * @throws if both have the same name
 */
export function assertSeparateTables(path: string, table: dynamodb.ITableV2, collections: dynamodb.ITableV2): void {
  if (table.tableName === collections.tableName) {
    throw new Error(
      `[${path}] '${table.tableName}' cannot be both the session table and the collections table, whose keys differ: name another table, `
      + `with the partition key '${COLLECTION_ATTRIBUTES.collection}' (S) and the sort key '${COLLECTION_ATTRIBUTES.item}' (S)`,
    );
  }
}
