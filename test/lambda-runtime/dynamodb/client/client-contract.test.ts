import { randomUUID } from 'node:crypto';
import { describeBothClients, rejection } from './both-clients.js';
import type { DynamoDBClient } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { testWhere } from '../../../fixtures/every-store.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

const local = useLocalDynamoDB();
const testWhereFailuresTellTheItem = testWhere(local.kind === 'DynamoDB Local', `${local.kind} does not return the item of a failed condition`);
const testWhereThereAreTransactions = testWhere(local.kind === 'DynamoDB Local', `${local.kind} has no TransactWriteItems`);

describeBothClients((create) => {
  let client: DynamoDBClient;
  let table: string;
  let id: string;
  const key = () => ({ key: { S: id } });
  const read = async () => (await client.getItem({ TableName: table, Key: key(), ConsistentRead: true })).Item;

  beforeAll(async () => {
    client = create();
    table = await local.createTable();
  });
  beforeEach(() => { id = randomUUID(); });

  test('gives no Item where there is none', async () => {
    const output = await client.getItem({ TableName: table, Key: key() });

    expect(output.Item).toBeUndefined();
    expect(output.$metadata.attempts).toBe(1);
  });

  test('reads every type of value as it was written', async () => {
    const item = {
      ...key(),
      value: {
        M: {
          text: { S: 'Grüße, 世界 🌍 "quoted" \\ \n\u0001' },
          empty: { S: '' },
          number: { N: '12345678901234567890.12' },
          yes: { BOOL: true },
          nothing: { NULL: true },
          list: { L: [{ S: 'a' }, { L: [] }, { M: {} }] },
          strings: { SS: ['a', 'b'] },
          numbers: { NS: ['1', '2'] },
          ключ: { S: 'a name that is not ASCII' },
        },
      },
    };
    await client.putItem({ TableName: table, Item: item });

    expect(await read()).toEqual(item);
  });

  test('reads binary values as they were written, wherever they are', async () => {
    const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const item = {
      ...key(),
      own: { B: allBytes },
      value: {
        M: {
          deep: { L: [{ B: allBytes.subarray(3, 7) }, { M: { B: { B: Uint8Array.of(1) } } }] },
          set: { BS: [Uint8Array.of(1), Uint8Array.of(2, 255)] },
        },
      },
    };
    await client.putItem({ TableName: table, Item: { ...item, buffer: { B: Buffer.from('a buffer') } } });

    const found = await read();
    expect(found).toEqual({ ...item, buffer: { B: new Uint8Array(Buffer.from('a buffer')) } });
    expect(Object.getPrototypeOf(found!.own.B)).toBe(Uint8Array.prototype);
  });

  test('leaves strings alone that look like binary values', async () => {
    const item = { ...key(), B: { S: '{"B":"AQID"}' }, BS: { M: { B: { S: 'AQID' }, BS: { L: [{ S: '"BS":["AQID"]' }] } } } };
    await client.putItem({ TableName: table, Item: item });

    expect(await read()).toEqual(item);
  });

  test('updates by an expression', async () => {
    await client.putItem({ TableName: table, Item: { ...key(), value: { N: '1' } } });
    await client.updateItem({
      TableName: table,
      Key: key(),
      UpdateExpression: 'SET #value = #value + :one',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });

    expect(await read()).toEqual({ ...key(), value: { N: '2' } });
  });

  test('deletes', async () => {
    await client.putItem({ TableName: table, Item: key() });
    await client.deleteItem({ TableName: table, Key: key() });

    expect(await read()).toBeUndefined();
  });

  const onlyIfNew = () => ({ TableName: table, Item: key(), ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': 'key' } });

  test('rejects a write whose condition fails, by name', async () => {
    await client.putItem(onlyIfNew());

    const error = await rejection(client.putItem(onlyIfNew()));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', $metadata: { attempts: 1, httpStatusCode: 400 } });
    expect(error.message).toMatch(/conditional request failed/i);
    expect(error.Item).toBeUndefined();
  });

  testWhereFailuresTellTheItem('gives the item that a condition failed on, its binary values too', async () => {
    const item = { ...key(), value: { M: { raw: { B: Uint8Array.of(1, 2, 3) } } } };
    await client.putItem({ TableName: table, Item: item });

    const error = await rejection(client.putItem({ ...onlyIfNew(), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', Item: item });
  });

  testWhereThereAreTransactions('writes a transaction once for one token', async () => {
    const other = { key: { S: randomUUID() } };
    await client.putItem({ TableName: table, Item: other });
    const transaction = {
      ClientRequestToken: randomUUID(),
      TransactItems: [{ Put: onlyIfNew() }, { Delete: { TableName: table, Key: other } }],
    };
    await client.transactWriteItems(transaction);
    const again = await client.transactWriteItems(transaction);

    expect(again.$metadata.attempts).toBe(1);
    expect(await read()).toEqual(key());
    expect((await client.getItem({ TableName: table, Key: other })).Item).toBeUndefined();
  });

  testWhereThereAreTransactions('reports why a transaction was cancelled, once and without a retry', async () => {
    const item = { ...key(), raw: { B: Uint8Array.of(9) } };
    await client.putItem({ TableName: table, Item: item });
    const error = await rejection(client.transactWriteItems({
      TransactItems: [
        { Put: { TableName: table, Item: { key: { S: randomUUID() } } } },
        { Put: { ...onlyIfNew(), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      ],
    }));

    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: item }],
      $metadata: { attempts: 1 },
    });
  });

  test('names the error of a table that is not there', async () => {
    const error = await rejection(client.getItem({ TableName: `no-${table}`, Key: key() }));

    expect(error).toMatchObject({ name: 'ResourceNotFoundException', $metadata: { attempts: 1, httpStatusCode: 400 } });
    expect(error.message).toMatch(/non-existent table|not found/);
  });

  test('names the error of an input that DynamoDB refuses', async () => {
    const error = await rejection(client.updateItem({ TableName: table, Key: key(), UpdateExpression: 'NONSENSE' }));

    expect(error).toMatchObject({ name: 'ValidationException', $metadata: { attempts: 1, httpStatusCode: 400 } });
  });

  test('carries an item of 300 kB both ways', async () => {
    const item = { ...key(), value: { L: Array.from({ length: 300 }, (_, i) => ({ S: `${i}${'ä'.repeat(500)}` })) } };
    await client.putItem({ TableName: table, Item: item });

    expect(await read()).toEqual(item);
  });

  test('answers 64 calls at the same time, each with its own', async () => {
    const ids = Array.from({ length: 64 }, () => randomUUID());
    await Promise.all(ids.map((each) => client.putItem({ TableName: table, Item: { key: { S: each }, own: { S: `of ${each}` } } })));
    const outputs = await Promise.all(ids.map((each) => client.getItem({ TableName: table, Key: { key: { S: each } }, ConsistentRead: true })));

    expect(outputs.map(({ Item }) => Item?.own.S)).toEqual(ids.map((each) => `of ${each}`));
  });
});
