import { isDeepStrictEqual } from 'node:util';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import type { DynamoDBClient } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import type { AttributeValue } from '../../../../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { decode, encode, equal } from '../../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { fitsDynamoDB } from '../../../../lambda-runtime/src/dynamodb/values/numbers.js';
import { SessionDataError } from '../../../../lambda-runtime/src/errors.js';
import { DynamoDBStore } from '../../../../lambda-runtime/src/stores/dynamodb/dynamodb-store.js';
import { testWhere } from '../../../fixtures/every-store.js';
import { plainSessionData, sessionData } from '../../../fixtures/session-data.js';
import { LOCAL_CLIENT } from '../../../fixtures/session-table.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

const roundTrip = (data: unknown) => decode(encode(data));

function nested(levels: number, leaf: unknown): unknown {
  return levels === 0 ? leaf : [nested(levels - 1, leaf)];
}

const NUMBERS: ReadonlyArray<number | bigint> = [
  0, 1, -1, 0.1 + 0.2, 1e-7, -1e-7, 1.5, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 70, 1e21, 1.2345678901234567e+30,
  9.999e125, -9.999e125, 1e-130, -1.5e-130, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 70n,
  10n ** 38n - 1n, -(10n ** 38n) + 1n, (10n ** 37n + 1n) * 10n ** 88n,
];

describe('data', () => {
  test('comes back as it was', () => {
    fc.assert(fc.property(sessionData, (data) => isDeepStrictEqual(roundTrip(data), data)), { numRuns: 1000 });
  });

  test.each(NUMBERS)('comes back exactly: the number %s', (number) => {
    expect(roundTrip(number)).toBe(number);
  });

  test.each<[string, unknown, unknown]>([
    ['-0 as 0', -0, 0],
    ['nothing as null', undefined, null],
    ['a bigint that a number says exactly as that number', 42n, 42],
    ['a large round bigint as the number that says the same', 10n ** 125n, 1e125],
    ['a Buffer as a plain Uint8Array', Buffer.from('hi'), new Uint8Array([104, 105])],
    ['a boxed bigint as a number', Object(5n), 5],
  ])('comes back normalised: %s', (_, data, result) => {
    expect(roundTrip(data)).toStrictEqual(result);
  });

  class Point {
    static readonly origin = 0;
    #hidden = 1;
    constructor(readonly x: number, readonly y: number) {}
    get sum() { return this.x + this.y + this.#hidden; }
  }

  const keyTeller = { toJSON: (key: string) => `called for ${key}` };

  test.each<[string, unknown]>([
    ['a date', { at: new Date(0) }],
    ['undefined in an object and in an array', { a: undefined, b: [undefined, 1] }],
    ['an array with holes', new Array(3)],
    ['a class instance', new Point(1, 2)],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['fields that are not enumerable, inherited or named by symbols', Object.defineProperty(Object.create({ inherited: 1 }), 'hidden', { value: 1 })],
    ['boxed primitives', [Object('text'), Object(1), Object(false)]],
    ['toJSON, which receives the name of the field', { field: keyTeller, list: [keyTeller] }],
    ['toJSON, which is not applied to its own result', { a: { toJSON: () => ({ toJSON: () => 'again', b: 1 }).b } }],
    ['toJSON that returns undefined', { a: { toJSON: () => undefined }, b: [{ toJSON: () => undefined }] }],
    ['an array with a toJSON', Object.assign([1, 2], { toJSON: () => 'list' })],
  ])('is taken as JSON takes it: %s', (_, data) => {
    expect(roundTrip(data)).toEqual(JSON.parse(JSON.stringify(data)));
  });

  test('may hold bytes and sets in what toJSON returns', () => {
    expect(roundTrip({ toJSON: () => ({ bytes: Buffer.from('hi'), tags: new Set(['a']) }) }))
      .toEqual({ bytes: new Uint8Array([104, 105]), tags: new Set(['a']) });
  });

  test('is not touched by a toJSON that BigInt or Set was given', () => {
    const tags = Object.assign(new Set(['a']), { toJSON: () => 'lost' });
    expect(roundTrip(tags)).toEqual(new Set(['a']));
  });

  test('keeps a field named __proto__, and no prototype is changed by it', () => {
    const data = JSON.parse('{ "__proto__": { "admin": true }, "a": 1 }');
    const result = roundTrip(data) as { admin?: boolean };
    expect(Object.entries(result)).toEqual([['__proto__', { admin: true }], ['a', 1]]);
    expect(result.admin).toBeUndefined();
  });

  test('may refer to one object from two places', () => {
    const shared = { a: 1 };
    expect(roundTrip([shared, { shared }])).toEqual([{ a: 1 }, { shared: { a: 1 } }]);
  });

  test('may be nested 31 levels deep', () => {
    expect(roundTrip(nested(31, new Set(['leaf'])))).toEqual(nested(31, new Set(['leaf'])));
  });
});

describe('encode', () => {
  test('does not hold on to the bytes that it was given', () => {
    const bytes = new Uint8Array([1]);
    const value = encode({ bytes, all: new Set([bytes]) });
    bytes[0] = 2;
    expect(decode(value)).toEqual({ bytes: new Uint8Array([1]), all: new Set([new Uint8Array([1])]) });
  });

  test('lets an error that toJSON throws pass', () => {
    const error = new Error('from toJSON');
    expect(() => encode({ toJSON() { throw error; } })).toThrow(error);
  });

  const loop: { self?: unknown; list: unknown[] } = { list: [] };
  loop.list.push({ back: loop });
  const NOT_A_NUMBER = 'is not a number that DynamoDB can hold (38 digits, magnitudes from 1e-130 to below 1e126)';

  test.each<[string, unknown]>([
    [`data.cart.items[1].price cannot be stored: NaN ${NOT_A_NUMBER}`, { cart: { items: [{}, { price: NaN }] } }],
    [`data cannot be stored: Infinity ${NOT_A_NUMBER}`, Infinity],
    [`data[0] cannot be stored: -Infinity ${NOT_A_NUMBER}`, [-Infinity]],
    [`data cannot be stored: 1.7976931348623157e+308 ${NOT_A_NUMBER}`, Number.MAX_VALUE],
    [`data cannot be stored: -1e+126 ${NOT_A_NUMBER}`, -1e126],
    [`data cannot be stored: 5e-324 ${NOT_A_NUMBER}`, 5e-324],
    [`data cannot be stored: -9.9e-131 ${NOT_A_NUMBER}`, -9.9e-131],
    [`data cannot be stored: an integer of 39 digits ${NOT_A_NUMBER}`, -(10n ** 38n + 1n)],
    [`data cannot be stored: an integer of 127 digits ${NOT_A_NUMBER}`, 10n ** 126n],
    [`data cannot be stored: NaN ${NOT_A_NUMBER}`, Object(NaN)],
    ['data["on click"] cannot be stored: DynamoDB cannot hold a function', { 'on click': () => 1 }],
    ['data.a cannot be stored: DynamoDB cannot hold a symbol', { a: Symbol('s') }],
    ['data.a cannot be stored: DynamoDB cannot hold a symbol', { a: Object(Symbol('s')) }],
    ['data.a cannot be stored: DynamoDB cannot hold a symbol', { a: { toJSON: () => Symbol('s') } }],
    ['data.a cannot be stored: it is an invalid date', { a: new Date(NaN) }],
    ['data.around.list[0].back cannot be stored: it contains itself: it is data.around again', { around: loop }],
    [`data${'[0]'.repeat(31)} cannot be stored: DynamoDB cannot hold more than 31 levels of arrays and objects`, nested(32, 1)],
    [`data${'[0]'.repeat(31)} cannot be stored: DynamoDB cannot hold more than 31 levels of arrays and objects`, nested(31, {})],
    [`data.a["${'é'.repeat(64)}"…] cannot be stored: the name of the field is longer than DynamoDB allows (65535 bytes)`, { a: { ['é'.repeat(32_768)]: 1 } }],
    ['data.a[""] cannot be stored: DynamoDB cannot hold a field with an empty name', { a: { '': 1 } }],
    ['data.a[0] cannot be stored: it has an unpaired surrogate, which UTF-8 cannot hold', { a: ['\ud83d'] }],
    ['data["a\\udc00"] cannot be stored: it has an unpaired surrogate, which UTF-8 cannot hold', { 'a\udc00': 1 }],
    ['data.tags cannot be stored: it has an unpaired surrogate, which UTF-8 cannot hold', { tags: new Set(['\ud83d']) }],
    ['data.tags cannot be stored: DynamoDB cannot hold an empty set', { tags: new Set() }],
    ['data.tags cannot be stored: a set can hold only strings, only numbers or only Uint8Arrays', { tags: new Set(['1', 1]) }],
    ['data.tags cannot be stored: a set can hold only strings, only numbers or only Uint8Arrays', { tags: new Set([null]) }],
    [`data.tags cannot be stored: NaN ${NOT_A_NUMBER}`, { tags: new Set([1, NaN]) }],
    ['data.tags cannot be stored: the set holds the same value twice', { tags: new Set<unknown>([1, 1n]) }],
    ['data.tags cannot be stored: the set holds the same value twice', { tags: new Set<unknown>([1e21, 10n ** 21n]) }],
    ['data.tags cannot be stored: the set holds the same value twice', { tags: new Set([new Uint8Array(2), Buffer.alloc(2)]) }],
  ])('says what it refuses: %s', (message, data) => {
    expect(() => encode(data)).toThrow(new SessionDataError(message));
  });

  test.each([
    ['Map', new Map([[1, 2]])], ['WeakMap', new WeakMap()], ['Promise', Promise.resolve(1)], ['RegExp', /a/], ['Error', new Error('lost')],
    ['Uint16Array', new Uint16Array(1)], ['Uint8ClampedArray', new Uint8ClampedArray(1)], ['ArrayBuffer', new ArrayBuffer(1)],
    ['DataView', new DataView(new ArrayBuffer(1))], ['URLSearchParams', new URLSearchParams('a=1')],
  ])('refuses a %s, whose content JSON would lose', (type, value) => {
    expect(() => encode({ a: value })).toThrow(new SessionDataError(
      `data.a cannot be stored: the content of this type (${type}) is not in its fields; store an object, an array or a Set of what it holds`,
    ));
  });

  test('throws a SessionDataError that begins with the path it was given', () => {
    const refused = () => encode({ a: NaN }, 'value');
    expect(refused).toThrow(SessionDataError);
    expect(refused).toThrow(/^value\.a cannot/);
  });
});

describe('decode', () => {
  test.each<[string, number | bigint]>([
    ['1.50', 1.5], ['1E+2', 100], ['007', 7], ['+5', 5], ['.5', 0.5], ['5.', 5], ['-0', 0], ['0e5', 0], ['0.0000001', 1e-7],
    ['1000000000000000000000', 1e21], ['1180591620717411303424', 2n ** 70n], ['9007199254740993', 2n ** 53n + 1n],
    ['9007199254740993.0', 2n ** 53n + 1n], ['-9.007199254740993e15', -(2n ** 53n) - 1n], ['0.30000000000000000000000001', 0.3], ['-9007199254740993.5', -(2 ** 53) - 2],
  ])('reads the number %s', (text, number) => {
    expect(decode({ N: text })).toBe(number);
    expect(decode({ NS: [text] })).toEqual(new Set([number]));
  });

  test('gives a structure of its own each time', () => {
    const value = encode({ list: [1], bytes: new Uint8Array([1]), all: new Set([new Uint8Array([1])]) });
    const first = decode(value) as { list: number[]; bytes: Uint8Array; all: Set<Uint8Array> };
    first.list.push(2);
    first.bytes[0] = 2;
    [...first.all][0][0] = 2;
    expect(decode(value)).toEqual({ list: [1], bytes: new Uint8Array([1]), all: new Set([new Uint8Array([1])]) });
  });
});

describe('equal', () => {
  test.each<[AttributeValue, AttributeValue]>([
    [{ N: '100' }, { N: '1E+2' }],
    [{ N: '-0.50' }, { N: '-5e-1' }],
    [{ N: '0' }, { N: '-0.0' }],
    [{ M: { a: { S: 'x' }, b: { NULL: true } } }, { M: { b: { NULL: true }, a: { S: 'x' } } }],
    [{ SS: ['a', 'b'] }, { SS: ['b', 'a'] }],
    [{ NS: ['1', '2.0'] }, { NS: ['2', '1.0'] }],
    [{ BS: [new Uint8Array([1]), new Uint8Array([2])] }, { BS: [Buffer.from([2]), Buffer.from([1])] }],
    [{ B: new Uint8Array([1]) }, { B: Buffer.from([1]) }],
  ])('holds for %j and %j', (one, other) => {
    expect(equal(one, other)).toBe(true);
    expect(equal(other, one)).toBe(true);
  });

  const DIFFERENT: AttributeValue[] = [
    { S: '1' }, { S: '' }, { N: '1' }, { N: '-1' }, { N: '10' }, { N: '9007199254740993' }, { N: '9007199254740992' }, { BOOL: true }, { BOOL: false }, { NULL: true },
    { B: new Uint8Array() }, { B: new Uint8Array([1]) }, { L: [] }, { L: [{ N: '1' }] }, { L: [{ N: '1' }, { N: '2' }] }, { L: [{ N: '2' }, { N: '1' }] },
    { M: {} }, { M: { a: { N: '1' } } }, { M: { b: { N: '1' } } }, { M: { a: { N: '2' } } }, { M: { constructor: { N: '1' } } },
    { M: JSON.parse('{ "__proto__": { "N": "1" } }') }, { SS: ['1'] }, { SS: ['1', '2'] }, { SS: ['1', '3'] }, { NS: ['1'] }, { NS: ['1', '2'] },
    { BS: [new Uint8Array([1])] }, { BS: [new Uint8Array([2])] },
  ];

  test('distinguishes all different values', () => {
    const takenForEqual = DIFFERENT.flatMap((one, i) => DIFFERENT.filter((other, j) => i !== j && equal(one, other)).map((other) => [one, other]));
    expect(takenForEqual).toEqual([]);
  });

  test('takes an absent attribute as equal only to an absent one', () => {
    expect(equal(undefined, undefined)).toBe(true);
    expect(equal(undefined, { NULL: true })).toBe(false);
    expect(equal({ NULL: true }, undefined)).toBe(false);
  });

  test('holds for two encodings of the same data, and for no two of different data', () => {
    fc.assert(fc.property(sessionData, sessionData, (one, other) => {
      expect(equal(encode(one), encode(structuredClone(one)))).toBe(true);
      expect(equal(encode(one), encode(other))).toBe(isDeepStrictEqual(one, other));
    }));
  });
});

describe('beside @aws-sdk/util-dynamodb', () => {
  test('data is encoded the same', () => {
    fc.assert(fc.property(plainSessionData, (data) => equal(encode(data), convertToAttr(data) as AttributeValue)), { numRuns: 500 });
  });

  test('values are decoded the same', () => {
    fc.assert(fc.property(plainSessionData, (data) => {
      const value = encode(data);
      return isDeepStrictEqual(decode(value), convertToNative(value as Parameters<typeof convertToNative>[0]));
    }), { numRuns: 500 });
  });
});

const local = useLocalDynamoDB();
const isDynamoDBLocal = local.kind === 'DynamoDB Local';

describe.each<[string, () => DynamoDBClient]>([
  ['the default client', createLightweightClient],
  ['the client of the AWS SDK', () => new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint })],
])(`on ${local.kind}, by %s,`, (_, createClient) => {
  let client: DynamoDBClient;
  let TableName: string;

  beforeAll(async () => {
    client = createClient();
    TableName = await local.createTable();
  });

  async function store(value: AttributeValue): Promise<AttributeValue> {
    await client.putItem({ TableName, Item: { key: { S: 'id' }, value } });
    const { Item } = await client.getItem({ TableName, Key: { key: { S: 'id' } }, ConsistentRead: true });
    return Item!.value;
  }

  testWhere(isDynamoDBLocal, 'dynalite cannot hold a field named __proto__')('everything that is encoded is taken and comes back equal', async () => {
    await fc.assert(fc.asyncProperty(sessionData, async (data) => {
      const value = encode(data);
      const stored = await store(value);
      expect(equal(stored, value)).toBe(true);
      expect(isDeepStrictEqual(decode(stored), data)).toBe(true);
    }), { numRuns: 100 });
  });

  test('numbers come back exactly', async () => {
    expect(decode(await store(encode(NUMBERS)))).toEqual(NUMBERS);
  });

  test('31 levels are taken', async () => {
    const value = encode(nested(31, 'leaf'));
    expect(equal(await store(value), value)).toBe(true);
  });
});

describe(`what encode refuses, ${local.kind} refuses too:`, () => {
  const testRefused = testWhere(isDynamoDBLocal, 'dynalite does not have all of the limits');

  const REFUSED: ReadonlyArray<[string, AttributeValue]> = [
    ['more than 31 levels', nestedLists(32, { S: 'leaf' })],
    ['more than 31 levels, the last one empty', nestedLists(31, { L: [] })],
    ['a field with an empty name', { M: { '': { S: 'x' } } }],
    ['1e126', { N: '1e126' }],
    ['9.9e-131', { N: '9.9e-131' }],
    ['an integer of 39 digits', { N: String(10n ** 38n + 1n) }],
    ['an empty set', { SS: [] }],
    ['a number twice in a set', { NS: ['1', '1.0'] }],
    ['bytes twice in a set', { BS: [new Uint8Array(2), new Uint8Array(2)] }],
  ];

  REFUSED.forEach(([what, value]) => testRefused(what, async () => {
    const write = createLightweightClient().putItem({ TableName: await local.createTable(), Item: { key: { S: 'id' }, value } });
    await expect(write).rejects.toMatchObject({ name: 'ValidationException' });
  }));

  function nestedLists(levels: number, leaf: AttributeValue): AttributeValue {
    return levels === 0 ? leaf : { L: [nestedLists(levels - 1, leaf)] };
  }
});

/* Whatever took quadratic time here would run into the timeout of the test. */
test.each<[string, () => unknown]>([
  ['a number of a million digits', () => fitsDynamoDB(`1${'0'.repeat(1_000_000)}1`)],
  ['a text of a million digits that is no number', () => isError(() => fitsDynamoDB(`${'1'.repeat(1_000_000)}x`))],
])('takes time in proportion to the length of %s', (_, run) => {
  expect(run()).toBeDefined();
});

testWhere(isDynamoDBLocal, 'dynalite has limits of its own')('takes names of fields that are as long as DynamoDB takes, and no longer', async () => {
  const store = new DynamoDBStore({ tableName: await local.createTable() });
  const from = { key: { S: 'id' }, value: encode({}) };
  await store.create({ row: from }, { timeLimitMs: 10_000 });
  const save = (name: string) => store.save({ from, condition: 'map', fields: { set: { [name]: { N: '1' } }, remove: [] }, now: 1 }, { timeLimitMs: 10_000 });

  expect(() => encode({ ['x'.repeat(65_535)]: 1 })).not.toThrow();
  expect(await save('x'.repeat(65_535))).toEqual({ written: true });
  expect(() => encode({ ['x'.repeat(65_536)]: 1 })).toThrow(SessionDataError);
  await expect(save('x'.repeat(65_536))).rejects.toThrow('must be less than 65536 bytes');
});

function isError(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}
