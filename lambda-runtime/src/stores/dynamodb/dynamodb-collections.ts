import { attemptsOf, callTable, isConditionFailure } from './call-table.js';
import { conditionOf } from './collection-conditions.js';
import { collectionWrite, sendWrite } from './collection-writes.js';
import { describeFailure } from './failures.js';
import { reasonsOf } from './transactions.js';
import type { CollectionsClient, DynamoDBCallOptions } from '../../dynamodb/client/dynamodb-client.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import { SessionStoreError } from '../../errors.js';
import { crypto } from '../../platform/node-modules.js';
import type { GetOptions, StoreCallOptions } from '../call-options.js';
import type { CollectionItem, CollectionPage, CollectionQuery, CollectionsStore, CollectionWrite, CollectionWriteResult, FailedCollectionWrite } from '../collections/collections-store.js';
import type { CollectionsTable } from '../collections/collections-table.js';
import { keyOfWrite } from '../collections/key-of-write.js';

/** DynamoDB takes a limit as a signed integer of 32 bits. */
const LARGEST_LIMIT = 2 ** 31 - 1;

/** Collections in a DynamoDB table with a sort key. */
export class DynamoDBCollections implements CollectionsStore {
  private readonly client: CollectionsClient;
  private readonly tableName: string;

  /** @throws SessionStoreError if the client cannot query */
  constructor({ tableName, client }: CollectionsTable) {
    if (typeof (client as Partial<CollectionsClient>).query !== 'function') {
      throw new SessionStoreError('the client of the store has no query(), which the collections table needs: pass new DynamoDB({...}) of @aws-sdk/client-dynamodb, or none');
    }
    this.tableName = tableName;
    this.client = client as CollectionsClient;
  }

  async query({ collection, descending = false, from, limit }: CollectionQuery, options: GetOptions): Promise<CollectionPage> {
    const isBeyond = from === undefined ? '' : ` AND #item ${descending ? '<' : '>'} :from`;
    const input = {
      TableName: this.tableName,
      KeyConditionExpression: `#collection = :collection${isBeyond}`,
      ExpressionAttributeNames: { '#collection': 'collection', ...(from !== undefined && { '#item': 'item' }) },
      ExpressionAttributeValues: { ':collection': { S: collection }, ...(from !== undefined && { ':from': { S: from } }) },
      ConsistentRead: options.consistentRead,
      ScanIndexForward: !descending,
      ...(limit !== undefined && { Limit: Math.min(limit, LARGEST_LIMIT) }),
    };
    const output = await callTable((call) => this.client.query(input, call), options,
      (cause) => describeFailure('query', collection, this.tableName, cause));
    return { items: (output.Items ?? []) as Item[] as CollectionItem[], next: output.LastEvaluatedKey?.item.S };
  }

  async write(writes: readonly CollectionWrite[], options: StoreCallOptions): Promise<CollectionWriteResult> {
    const send = writes.length === 1 ? this.single(writes[0]) : this.transaction(writes);
    let attempts = 0;
    return callTable<CollectionWriteResult>(async (call) => {
      try {
        await send(call);
        return { written: true };
      } catch (error) {
        attempts += attemptsOf(error);
        return failedConditions(error, attempts > 1);
      }
    }, options, (cause) => describeFailure('write', keyOfWrite(writes[0]).collection.S!, this.tableName, cause));
  }

  private single(write: CollectionWrite): (call: DynamoDBCallOptions) => Promise<unknown> {
    return sendWrite(this.client, collectionWrite(this.tableName, write, conditionOf));
  }

  private transaction(writes: readonly CollectionWrite[]): (call: DynamoDBCallOptions) => Promise<unknown> {
    const items = writes.map((write) => collectionWrite(this.tableName, write, conditionOf));
    const input = { ClientRequestToken: crypto().randomUUID(), TransactItems: items };
    return (call) => this.client.transactWriteItems(input, call);
  }
}

/** @throws the error if it is no failed condition */
function failedConditions(error: unknown, mayBeApplied: boolean): FailedCollectionWrite {
  if (isConditionFailure(error)) {
    return { written: false, failures: [{ index: 0, found: error.Item as CollectionItem | undefined }], mayBeApplied };
  }
  const failures = reasonsOf(error).flatMap(({ Code, Item: found }, index) =>
    (Code === 'ConditionalCheckFailed' ? [{ index, found: found as CollectionItem | undefined }] : []));
  if (failures.length === 0) {
    throw error;
  }
  return { written: false, failures, mayBeApplied: false }; // had it been applied, its token would have made it succeed again
}
