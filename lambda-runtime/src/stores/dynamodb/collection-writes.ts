import type { ConditionalWrite, DeleteItemInput, PutItemInput } from '../../dynamodb/client/dynamodb-client.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import type { CollectionItem, CollectionWrite } from '../collections/collections-store.js';

/** A write to a collections table, as an item of a transaction. */
export function collectionWrite(TableName: string, write: CollectionWrite): { readonly Put: PutItemInput } | { readonly Delete: DeleteItemInput } {
  if ('put' in write) {
    return { Put: { TableName, Item: write.put as Item, ...(write.over !== undefined && conditionOf(write.put, write.over)) } };
  }
  const { collection, item } = write.delete;
  return { Delete: { TableName, Key: { collection, item } } };
}

function conditionOf({ ttl }: CollectionItem, over: 'nothing' | 'earlier' | CollectionItem): ConditionalWrite {
  const condition = (ConditionExpression: string, names: object, value?: CollectionItem['ttl']): ConditionalWrite => ({
    ConditionExpression,
    ExpressionAttributeNames: { '#item': 'item', ...names },
    ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  if (over === 'nothing') {
    return condition('attribute_not_exists(#item)', {});
  }
  if (over === 'earlier') {
    return condition(`attribute_not_exists(#item) OR ${ttl === undefined ? 'attribute_exists(#ttl)' : '#ttl < :value'}`, { '#ttl': 'ttl' }, ttl);
  }
  const { changes } = over;
  return condition(
    `attribute_exists(#item) AND ${changes === undefined ? 'attribute_not_exists(#changes)' : '#changes = :value'}`, { '#changes': 'changes' }, changes,
  );
}
