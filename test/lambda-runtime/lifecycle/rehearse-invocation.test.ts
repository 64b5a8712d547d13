import type { CollectionsClient } from '../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { createLightweightClient } from '../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import { rehearseInvocation } from '../../../lambda-runtime/src/lifecycle/rehearse-invocation.js';
import { DynamoDBStore } from '../../../lambda-runtime/src/stores/dynamodb/dynamodb-store.js';

const CREDENTIALS = { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' };

/** With what it sent. */
function recorded(client: CollectionsClient, sent: unknown[][]): CollectionsClient {
  return new Proxy(client, {
    get: (target, operation: keyof CollectionsClient) => (input: never, options: never) => {
      sent.push([operation, input]);
      return target[operation](input, options);
    },
  });
}

test('a rehearsal reads a session and saves what its handler changed, and gets to its end', async () => {
  process.env.AWS_REGION = 'eu-central-1';
  const sent: unknown[][] = [];

  await rehearseInvocation((answer) => new DynamoDBStore({
    tableName: 'rehearsal', client: recorded(createLightweightClient().rehearsal(answer, CREDENTIALS), sent),
  }));

  expect(sent).toEqual([
    ['getItem', expect.objectContaining({ TableName: 'rehearsal', Key: { key: { S: 'rehearsal' } } })],
    ['updateItem', expect.objectContaining({ ExpressionAttributeValues: expect.objectContaining({ ':v0': { N: '1767225600.123' } }) })],
  ]);
  expect(JSON.stringify(sent[1])).toContain('{"N":"2"}');
});
