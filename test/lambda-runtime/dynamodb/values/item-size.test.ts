import fc from 'fast-check';
import type { DynamoDBClient } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import type { AttributeValue, Item } from '../../../../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { encode } from '../../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { MAX_ITEM_SIZE, fitsItem, itemSize } from '../../../../lambda-runtime/src/dynamodb/values/item-size.js';
import { testWhere } from '../../../fixtures/every-store.js';
import { sessionData } from '../../../fixtures/session-data.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

const NUMBERS = [
  '0', '1', '-1', '10', '12', '100', '-100', '120', '123', '-123', '1234', '12345', '0.1', '1.2', '12.3', '0.01', '0.012', '1e-7', '1.5e-7', '1001', '1.50', '007',
  '100.25', '1e125', '-1e-130', '12345678901234567890', '-12345678901234567890123456789012345678', '1.2345678901234567890123456789012345678',
];

const SHAPES: ReadonlyArray<[string, AttributeValue]> = [
  ['ASCII', { S: 'hello' }],
  ['text of two, three and four bytes a character', { S: 'é€😀' }],
  ['empty text', { S: '' }],
  ['bytes', { B: new Uint8Array(5) }],
  ['null', { NULL: true }],
  ['a boolean', { BOOL: false }],
  ['an empty list', { L: [] }],
  ['a list', { L: [{ S: 'abc' }, { NULL: true }, { N: '-12' }] }],
  ['nested lists', { L: [{ L: [{ L: [] }] }] }],
  ['an empty map', { M: {} }],
  ['a map', { M: { a: { NULL: true }, bc: { S: 'x' }, é: { BOOL: true } } }],
  ['nested maps', { M: { a: { M: { b: { L: [{ M: {} }] } } } } }],
  ['a set of strings', { SS: ['a', 'bc', ''] }],
  ['a set of numbers', { NS: ['-1', '123'] }],
  ['a set of bytes', { BS: [new Uint8Array(1), new Uint8Array(2)] }],
  ...NUMBERS.map((number): [string, AttributeValue] => [`the number ${number}`, { N: number }]),
];

const local = useLocalDynamoDB();
const testLimit = testWhere(local.kind === 'DynamoDB Local', 'dynalite does not count bytes as DynamoDB does');

describe('the size of an item', () => {
  let client: DynamoDBClient;
  let TableName: string;

  beforeAll(async () => {
    client = createLightweightClient();
    TableName = await local.createTable();
  });

  /** An item of exactly that size, as `itemSize` counts it. */
  function itemOf(size: number, value: AttributeValue): Item {
    const item = { key: { S: 'id' }, value, padding: { S: '' } };
    return { ...item, padding: { S: 'x'.repeat(size - itemSize(item)) } };
  }

  async function expectLimitAt400KB(value: AttributeValue): Promise<void> {
    await client.putItem({ TableName, Item: itemOf(MAX_ITEM_SIZE, value) });
    await expect(client.putItem({ TableName, Item: itemOf(MAX_ITEM_SIZE + 1, value) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Item size has exceeded the maximum allowed size'),
    });
  }

  SHAPES.forEach(([shape, value]) => testLimit(`reaches 400 KB where DynamoDB says so: ${shape}`, () => expectLimitAt400KB(value)));

  testLimit('reaches 400 KB where DynamoDB says so: any data', async () => {
    await fc.assert(fc.asyncProperty(sessionData, (data) => expectLimitAt400KB(encode(data))), { numRuns: 50 });
  });

  test.each(SHAPES)('of at most 400 KB fits, of a byte more it does not: %s', (_, value) => {
    expect(fitsItem(itemOf(MAX_ITEM_SIZE, value))).toBe(true);
    expect(fitsItem(itemOf(MAX_ITEM_SIZE + 1, value))).toBe(false);
  });

  test.each(['é', '€', '😀', '1'.repeat(38)])('fits no more of %s than of anything else', (text) => {
    const value: AttributeValue = text.startsWith('1') ? { L: Array(18_000).fill({ N: text }) } : { S: text.repeat(MAX_ITEM_SIZE / 5) };
    const padding = MAX_ITEM_SIZE - itemSize({ key: { S: '' }, value });

    expect(fitsItem({ key: { S: 'x'.repeat(padding) }, value })).toBe(true);
    expect(fitsItem({ key: { S: 'x'.repeat(padding + 1) }, value })).toBe(false);
  });

  test('is that of names and values in UTF-8', () => {
    expect(itemSize({})).toBe(0);
    expect(itemSize({ key: { S: 'id' } })).toBe(5);
    expect(itemSize({ é: { S: '€' } })).toBe(5);
  });
});
