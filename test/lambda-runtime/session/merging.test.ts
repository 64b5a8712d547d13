import { encode } from '../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { MOST_FIELDS, changesBetween, chooseChange } from '../../../lambda-runtime/src/session/merging.js';
import type { AttributeValue, SessionRow } from '../../../lambda-runtime/src/stores.js';

const NOTHING = { NULL: true };
const choose = (loaded: AttributeValue, left: AttributeValue, current: SessionRow) => chooseChange(changesBetween(loaded, loaded, left)!, current);
const row = (value?: AttributeValue): SessionRow => ({ key: { S: 'id' }, ...(value !== undefined && { value }) });

test('of a map the changed, new and removed fields are written, and no others', () => {
  const current = row(encode({ other: 1 }));

  expect(choose(encode({ same: [1], changed: 1, removed: 1 }), encode({ same: [1], changed: 2, added: null }), current))
    .toEqual({ from: current, condition: 'map', fields: { set: { changed: { N: '2' }, added: NOTHING }, remove: ['removed'] } });
});

test.each([
  ['a NULL', row(NOTHING)],
  ['no value', row()],
])('the first map goes as a whole where there is %s', (_, current) => {
  expect(choose(NOTHING, encode({ a: 1 }), current)).toEqual({ from: current, condition: 'no-value', value: encode({ a: 1 }) });
});

test('a first map that comes second goes by fields', () => {
  const current = row(encode({ b: 2 }));

  expect(choose(NOTHING, encode({ a: 1 }), current)).toEqual({ from: current, condition: 'map', fields: { set: { a: { N: '1' } }, remove: [] } });
});

test.each<[string, AttributeValue, AttributeValue, SessionRow]>([
  ['what was no map', encode('text'), encode({ a: 1 }), row(encode('text'))],
  ['what is no map any more', encode({ a: 1 }), encode('text'), row(encode({ a: 1 }))],
  ['a map that another invocation replaced by something else', encode({ a: 1 }), encode({ a: 2 }), row(encode('text'))],
])('goes as a whole: %s', (_, loaded, data, current) => {
  expect(choose(loaded, data, current)).toEqual({ from: current, condition: 'any-value', value: data });
});

test('an object that another invocation took away goes as a whole, unless somebody puts another there meanwhile', () => {
  const current = row(NOTHING);

  expect(choose(encode({ a: 1, b: 1 }), encode({ a: 2, b: 1 }), current)).toEqual({ from: current, condition: 'no-value', value: encode({ a: 2, b: 1 }) });
});

test('more fields than an expression takes go as a whole, on top of what is there, and only over the version that was merged', () => {
  const fields = Object.fromEntries(Array.from({ length: MOST_FIELDS }, (_, i) => [`f${i}`, i]));
  const current = row(encode({ theirs: 1, removed: 1 }));

  expect(choose(encode({ removed: 1 }), encode(fields), current))
    .toEqual({ from: current, condition: 'same-version', value: encode({ theirs: 1, ...fields }) });
});

test('replacing very many fields takes time in proportion to them', () => {
  const fields = (prefix: string) => encode(Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`${prefix}${i}`, i])));
  const [before, after] = [fields('a'), fields('b')];

  expect(choose(before, after, row(before)).value).toEqual(after); // what is quadratic here takes minutes
});
