import { generateSessionId, isUsableId, sessionIdFromSeed } from '../../../lambda-runtime/src/ids/session-id.js';

test('a generated id is 43 characters of base64url', () => {
  expect(generateSessionId()).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('no two generated ids are the same', () => {
  const ids = new Set(Array.from({ length: 10_000 }, generateSessionId));

  expect(ids.size).toBe(10_000);
});

test('the id of a seed is its SHA-256 in hex, as in the Python package', () => {
  expect(sessionIdFromSeed('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test.each<[string, unknown, boolean]>([
  ['one character', 'a', true],
  ['every visible ASCII character', String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 33 + i)), true],
  ['2048 characters', 'x'.repeat(2048), true],
  ['nothing', '', false],
  ['2049 characters', 'x'.repeat(2049), false],
  ['a space', 'a b', false],
  ['a line break at the end', 'abc\n', false],
  ['a control character', 'a\u0001b', false],
  ['DEL', 'a\u007f', false],
  ['a character beyond ASCII', 'idé', false],
  ['no string', 17, false],
  ['nothing at all', undefined, false],
])('%s: usable or not', (_, presented, expected) => {
  expect(isUsableId(presented)).toBe(expected);
});
