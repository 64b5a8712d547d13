import type { ConditionalWrite, DeleteItemInput, DynamoDBCallOptions, DynamoDBClient, PutItemInput, TransactUpdate } from '../../dynamodb/client/dynamodb-client.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import type { CollectionItem, CollectionWrite } from '../collections/collections-store.js';
import { keyOfWrite } from '../collections/key-of-write.js';

/** A put with a condition. */
export type ConditionalPut = Extract<CollectionWrite, { readonly put: CollectionItem }>;

type TableWrite = { readonly Put: PutItemInput } | { readonly Delete: DeleteItemInput } | { readonly Update: TransactUpdate };

/** A write to a collections table, as an item of a transaction. */
export function collectionWrite(
  TableName: string, write: CollectionWrite, conditionOf: (write: ConditionalPut) => ConditionalWrite = expiresEarlier,
): TableWrite {
  if ('put' in write) {
    return { Put: { TableName, Item: write.put as Item, ...(write.over && conditionOf(write)) } };
  }
  if ('delete' in write) {
    return { Delete: { TableName, Key: keyOfWrite(write) } };
  }
  // A ConditionCheck would need another permission.
  return {
    Update: {
      TableName,
      Key: keyOfWrite(write),
      UpdateExpression: 'SET #checked = :checked',
      ConditionExpression: 'attribute_exists(#item)',
      ExpressionAttributeNames: { '#item': 'item', '#checked': 'checked' },
      ExpressionAttributeValues: { ':checked': { BOOL: true } },
    },
  };
}

/** Sends such a write alone. */
export function sendWrite(client: DynamoDBClient, write: TableWrite): (call: DynamoDBCallOptions) => Promise<unknown> {
  if ('Put' in write) {
    return (call) => client.putItem(write.Put, call);
  }
  return (call) => ('Delete' in write ? client.deleteItem(write.Delete, call) : client.updateItem(write.Update, call));
}

/** That there is nothing, or an item with an earlier expiry. */
export function expiresEarlier({ put: { ttl } }: ConditionalPut): ConditionalWrite {
  return {
    ConditionExpression: `attribute_not_exists(#item) OR ${ttl === undefined ? 'attribute_exists(#ttl)' : '#ttl < :ttl'}`,
    ExpressionAttributeNames: { '#item': 'item', '#ttl': 'ttl' },
    ...(ttl && { ExpressionAttributeValues: { ':ttl': ttl } }),
  };
}
