import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** The handler, as a user of the AWS SDK's document client writes it. */
export function countVisits(dynamodb, TableName) {
  return async (event) => {
    const presented = event.headers['session-id'];
    const id = presented ?? randomUUID();
    const { Item } = presented === undefined ? {} : await dynamodb.send(new GetCommand({ TableName, Key: { key: id }, ConsistentRead: true }));
    let count = Item?.value ?? 0;
    if (event.rawPath === '/read') return { statusCode: 200, headers: { 'session-id': id }, body: `${count}` };
    count++;
    await dynamodb.send(new UpdateCommand({
      TableName,
      Key: { key: id },
      UpdateExpression: 'SET #value = :value, #ttl = :ttl',
      ExpressionAttributeNames: { '#value': 'value', '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':value': count, ':ttl': Math.floor(Date.now() / 1000) + 900 },
    }));
    return { statusCode: 200, headers: { 'session-id': id }, body: `${count}` };
  };
}
