import { expiresEarlier } from './collection-writes.js';
import type { ConditionalPut } from './collection-writes.js';
import type { ConditionalWrite } from '../../dynamodb/client/dynamodb-client.js';

/** What must be there for a write to a collections table. */
export function conditionOf(write: ConditionalPut): ConditionalWrite {
  const { over } = write;
  if (over === 'earlier') {
    return expiresEarlier(write);
  }
  const failure = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  if (over === 'nothing' || over === undefined) {
    return { ConditionExpression: 'attribute_not_exists(#item)', ExpressionAttributeNames: { '#item': 'item' }, ...failure };
  }
  const { changes } = over;
  return {
    ConditionExpression: `attribute_exists(#item) AND ${changes === undefined ? 'attribute_not_exists(#changes)' : '#changes = :changes'}`,
    ExpressionAttributeNames: { '#item': 'item', '#changes': 'changes' },
    ...(changes && { ExpressionAttributeValues: { ':changes': changes } }),
    ...failure,
  };
}
