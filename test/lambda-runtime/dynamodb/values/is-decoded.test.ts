import fc from 'fast-check';
import type { AttributeValue } from '../../../../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { decode, encode, equalOnceDecoded } from '../../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { isDecoded } from '../../../../lambda-runtime/src/dynamodb/values/is-decoded.js';

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .filter((value) => !JSON.stringify(value).includes('"":')) // no field may have an empty name
  .filter((value) => { try { encode(value); return true; } catch { return false; } });

test('data is what was decoded until something in it is changed', () => {
  fc.assert(fc.property(json, (data) => isDecoded(encode(data), decode(encode(data)))));
});

test('what counts as decoded is encoded to the same', () => {
  fc.assert(fc.property(json, json, (one, other) => !isDecoded(encode(one), other) || equalOnceDecoded(encode(one), encode(other))));
});

test.each<[string, AttributeValue, unknown]>([
  ['a number that JavaScript rounds, as it was decoded', { N: '0.1234567890123456789012345678' }, 0.12345678901234568],
  ['an integer that only a bigint holds', { N: '9007199254740993' }, 9007199254740993n],
  ['a number in another notation', { N: '1E+2' }, 100],
  ['negative zero, which is stored as 0', { N: '0' }, -0],
  ['a field named __proto__', encode(JSON.parse('{"__proto__":{"a":1}}')), JSON.parse('{"__proto__":{"a":1}}')],
])('is: %s', (_, value, data) => {
  expect(isDecoded(value, data)).toBe(true);
});

const hidden = Object.defineProperty({ b: 2, c: 3 }, 'a', { value: 1, enumerable: false });
test.each<[string, AttributeValue, unknown]>([
  ['the integer next to one that only a bigint holds', { N: '9007199254740993' }, 9007199254740992],
  ['a number where there was a text', { S: '1' }, 1],
  ['a date where there was its text', encode(new Date(0)), new Date(0)],
  ['an instance of a class', { M: {} }, new (class Cart {})()],
  ['an object without prototype, which decoding does not make', { M: {} }, Object.create(null)],
  ['one field more', { M: {} }, { a: undefined }],
  ['one field less', { M: { a: { N: '1' } } }, {}],
  ['a field that encoding does not see', { M: { a: { N: '1' }, b: { N: '2' } } }, hidden],
  ['an inherited field', { M: { toString: { S: 'x' } } }, {}],
  ['a hole in a list', { L: [{ NULL: true }] }, new Array(1)],
  ['a list with a toJSON', { L: [] }, Object.assign([], { toJSON: () => 'else' })],
  ['an object with a toJSON', { M: { toJSON: { S: 'x' } } }, { toJSON: () => 'else' }],
  ['an object where there was a list', { L: [] }, {}],
  ['a list where there was an object', { M: {} }, []],
  ['null where there was none', { M: {} }, null],
])('is not: %s', (_, value, data) => {
  expect(isDecoded(value, data)).toBe(false);
});
