import { randomUUID } from 'node:crypto';
import { describeBothClients, rejection } from './both-clients.js';
import type { CollectionsClient, QueryInput } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

const local = useLocalDynamoDB();

describeBothClients((create) => {
  let client: CollectionsClient;
  let table: string;
  let collection: { S: string };
  const put = (item: string, more = {}) => client.putItem({ TableName: table, Item: { collection, item: { S: item }, ...more } });
  const query = (more: Partial<QueryInput> = {}) => client.query({
    TableName: table,
    KeyConditionExpression: '#collection = :collection',
    ExpressionAttributeNames: { '#collection': 'collection' },
    ExpressionAttributeValues: { ':collection': collection },
    ConsistentRead: true,
    ...more,
  });

  beforeAll(async () => {
    client = create();
    table = await local.createCollectionsTable();
  });
  beforeEach(() => { collection = { S: randomUUID() }; });

  test('queries an empty collection', async () => {
    const output = await query();

    expect(output.Items).toEqual([]);
    expect(output.LastEvaluatedKey).toBeUndefined();
    expect(output.$metadata.attempts).toBe(1);
  });

  test('queries a collection in the order of its sort key, forwards and backwards', async () => {
    for (const item of ['b', 'a', 'c']) await put(item);

    expect((await query()).Items!.map(({ item }) => item.S)).toEqual(['a', 'b', 'c']);
    expect((await query({ ScanIndexForward: false, Limit: 2 })).Items!.map(({ item }) => item.S)).toEqual(['c', 'b']);
  });

  test('pages through a collection by LastEvaluatedKey', async () => {
    for (const item of ['a', 'b', 'c']) await put(item);

    const first = await query({ Limit: 2 });
    expect(first.LastEvaluatedKey).toEqual({ collection, item: { S: 'b' } });
    const second = await query({ Limit: 2, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second.Items!.map(({ item }) => item.S)).toEqual(['c']);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  test('decodes binary values in every item of a query', async () => {
    const raw = (byte: number) => ({ raw: { B: Uint8Array.of(byte) }, deep: { L: [{ M: { set: { BS: [Uint8Array.of(byte, 255)] } } }] } });
    await put('a', raw(1));
    await put('b', raw(2));

    expect((await query()).Items).toEqual([
      { collection, item: { S: 'a' }, ...raw(1) },
      { collection, item: { S: 'b' }, ...raw(2) },
    ]);
  });

  test('filters and projects', async () => {
    await put('a', { kept: { N: '1' }, other: { S: 'x' } });
    await put('b', { kept: { N: '2' }, other: { S: 'y' } });
    const output = await query({
      FilterExpression: '#kept > :one',
      ProjectionExpression: '#item, #kept',
      ExpressionAttributeNames: { '#collection': 'collection', '#kept': 'kept', '#item': 'item' },
      ExpressionAttributeValues: { ':collection': collection, ':one': { N: '1' } },
    });

    expect(output.Items).toEqual([{ item: { S: 'b' }, kept: { N: '2' } }]);
  });

  test('names the error of a query that DynamoDB refuses', async () => {
    expect(await rejection(query({ KeyConditionExpression: 'NONSENSE' }))).toMatchObject({
      name: 'ValidationException', $metadata: { attempts: 1, httpStatusCode: 400 },
    });
  });
});
