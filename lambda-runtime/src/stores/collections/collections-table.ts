import type { DynamoDBClient } from '../../dynamodb/client/dynamodb-client.js';

/**
 * A DynamoDB table for collections, and how to reach it. What is done with it is loaded only by those who use it.
 *
 * @example
 * ```ts
 * import { DynamoDB } from '@aws-sdk/client-dynamodb';
 * import type { CollectionsTable } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const table: CollectionsTable = { tableName: 'collections', client: new DynamoDB({}) };
 * ```
 */
export interface CollectionsTable {
  /** Partition key `collection` and sort key `item`, both of type S, TTL on `ttl`. */
  readonly tableName: string;
  /** Must offer `query` too, as the AWS SDK's aggregated client does. */
  readonly client: DynamoDBClient;
}
