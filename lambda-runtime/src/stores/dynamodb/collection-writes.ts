import type { ConditionalWrite, DeleteItemInput, PutItemInput } from '../../dynamodb/client/dynamodb-client.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import type { CollectionItem, CollectionWrite } from '../collections/collections-store.js';

/** A put with a condition. */
export type ConditionalPut = Extract<CollectionWrite, { readonly put: CollectionItem }>;

/** A write to a collections table, as an item of a transaction. */
export function collectionWrite(
  TableName: string, write: CollectionWrite, conditionOf: (write: ConditionalPut) => ConditionalWrite = expiresEarlier,
): { readonly Put: PutItemInput } | { readonly Delete: DeleteItemInput } {
  if ('put' in write) {
    return { Put: { TableName, Item: write.put as Item, ...(write.over && conditionOf(write)) } };
  }
  const { collection, item } = write.delete;
  return { Delete: { TableName, Key: { collection, item } } };
}

/** That there is nothing, or an item with an earlier expiry. */
export function expiresEarlier({ put: { ttl } }: ConditionalPut): ConditionalWrite {
  return {
    ConditionExpression: `attribute_not_exists(#item) OR ${ttl === undefined ? 'attribute_exists(#ttl)' : '#ttl < :ttl'}`,
    ExpressionAttributeNames: { '#item': 'item', '#ttl': 'ttl' },
    ...(ttl && { ExpressionAttributeValues: { ':ttl': ttl } }),
  };
}
