import fc from 'fast-check';
import type { AttributeValue } from '../../../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { encode, equal } from '../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { fromPlainJson, toPlainJson } from '../../../lambda-runtime/src/stores/plain-json.js';
import { sessionData } from '../../fixtures/session-data.js';

const throughFile = (value: AttributeValue) => fromPlainJson(JSON.parse(JSON.stringify(toPlainJson(value))));

describe('plain JSON', () => {
  test.each([
    [null], [true], ['hello'], [''], ['$bytes'], [0.1], [1e21], [[]], [{}], [{ a: 1, b: [null, { c: 'x' }] }],
    [{ $bytes: 'aGk=', more: 1 }], [{ $other: 1 }], [JSON.parse('{ "__proto__": 1, "a": 2 }')],
  ])('is the data itself where JSON can hold it: %j', (data) => {
    expect(toPlainJson(encode(data))).toEqual(data);
    expect(fromPlainJson(data)).toEqual(encode(data));
  });

  test.each<[unknown, AttributeValue]>([
    [{ $number: '9007199254740993' }, { N: '9007199254740993' }],
    [{ $number: '0.30000000000000000000001' }, { N: '0.30000000000000000000001' }],
    [{ $bytes: 'aGVsbG8=' }, { B: new Uint8Array(Buffer.from('hello')) }],
    [{ $set: ['a', 'b'] }, { SS: ['a', 'b'] }],
    [{ $set: [1, { $number: '9007199254740993' }] }, { NS: ['1', '9007199254740993'] }],
    [{ $set: [{ $bytes: '' }, { $bytes: 'aGk=' }] }, { BS: [new Uint8Array(), new Uint8Array(Buffer.from('hi'))] }],
    [{ $$set: ['a'] }, { M: { $set: { L: [{ S: 'a' }] } } }],
    [{ $$$bytes: 'aGk=' }, { M: { $$bytes: { S: 'aGk=' } } }],
    [{ $$number: { $number: '9007199254740993' } }, { M: { $number: { N: '9007199254740993' } } }],
  ])('tags what it cannot hold: %j', (json, value) => {
    expect(toPlainJson(value)).toEqual(json);
    expect(fromPlainJson(json)).toEqual(value);
  });

  test('writes a number that JSON can hold as a number, however DynamoDB wrote it', () => {
    expect(toPlainJson({ L: [{ N: '1.50' }, { N: '1E+2' }, { N: '0.0000001' }] })).toEqual([1.5, 100, 1e-7]);
  });

  test('brings every attribute value back', () => {
    fc.assert(fc.property(sessionData, (data) => equal(throughFile(encode(data)), encode(data))), { numRuns: 1000 });
  });

  test('brings every object back that has one field and looks like a tag', () => {
    const tagName = fc.constantFrom('$number', '$bytes', '$set', '$$number', '$$bytes', '$$set', '$$$set', 'set', '$');
    const lookalike = fc.tuple(tagName, sessionData).map(([name, data]) => encode({ outer: { [name]: { [name]: data } } }));
    fc.assert(fc.property(lookalike, (value) => equal(throughFile(value), value)));
  });

  test.each<[unknown, string]>([
    [{ $number: 1 }, '$number must be a text with a decimal number that DynamoDB can hold, got 1'],
    [{ $number: '1e126' }, '$number must be a text with a decimal number that DynamoDB can hold, got "1e126"'],
    [{ $number: '9e-131' }, '$number must be a text with a decimal number that DynamoDB can hold, got "9e-131"'],
    [{ $number: `1.${'1'.repeat(38)}` }, `$number must be a text with a decimal number that DynamoDB can hold, got "1.${'1'.repeat(38)}"`],
    [{ $number: 'NaN' }, 'not a decimal number: "NaN"'],
    [{ $number: '.' }, 'not a decimal number: "."'],
    [{ $bytes: 1 }, '$bytes must be a text in base64, got 1'],
    [{ $bytes: 'not base64' }, '$bytes must be a text in base64, got "not base64"'],
    [{ $set: 'a' }, '$set must be an array that holds only texts, only numbers or only $bytes, got "a"'],
    [{ $set: [] }, '$set must be an array that holds only texts, only numbers or only $bytes, got []'],
    [{ $set: ['a', 1] }, '$set must be an array that holds only texts, only numbers or only $bytes, got ["a",1]'],
    [{ $set: [[1]] }, '$set must be an array that holds only texts, only numbers or only $bytes, got [[1]]'],
    [{ a: [{ $bytes: null }] }, '$bytes must be a text in base64, got null'],
  ])('that was written manually and is wrong is refused: %j', (json, message) => {
    expect(() => fromPlainJson(json)).toThrow(new TypeError(message));
  });

  test('that was written manually with a number too large for DynamoDB is refused', () => {
    expect(() => fromPlainJson(JSON.parse('[1e400]'))).toThrow('Infinity is not a number that DynamoDB can hold');
  });
});
