import { dueExpiry, dueLimit, expiryToBe, isExpired } from '../../../lambda-runtime/src/session/expiry.js';
import type { SessionRow } from '../../../lambda-runtime/src/stores/session-row.js';

const NOW = 1700000000.75;
const unlimited = { ttl: 0, absoluteTimeout: 0, touchAfter: 0, neverExpires: false };

function row(createdAt?: number, ttl?: number): SessionRow {
  return {
    key: { S: 'id' },
    ...(createdAt !== undefined && { created_at: { N: `${createdAt}` } }),
    ...(ttl !== undefined && { ttl: { N: `${ttl}` } }),
  };
}

describe('isExpired', () => {
  test.each<[string, SessionRow, number, boolean]>([
    ['a row without expiry lives', row(NOW - 1e9), 0, false],
    ['a row lives until its expiry', row(NOW, NOW + 0.01), 0, false],
    ['a row has expired at its expiry', row(NOW, NOW), 0, true],
    ['a row has expired after its expiry', row(NOW, NOW - 1), 0, true],
    ['a row lives until its absolute timeout', row(NOW - 99, NOW + 500), 100, false],
    ['a row has expired at its absolute timeout, whatever its expiry', row(NOW - 100, NOW + 500), 100, true],
    ['a row of unknown age is not ended by an absolute timeout', row(undefined, NOW + 1), 100, false],
    ['an expiry that is not a number has passed', { key: { S: 'id' }, ttl: { S: '1700009999' } }, 0, true],
    ['an expiry that is NULL has passed', { key: { S: 'id' }, ttl: { NULL: true } }, 0, true],
    ['an expiry in milliseconds is read as such: it lies ahead', row(NOW, (NOW + 1) * 1000), 0, false],
    ['an expiry in milliseconds is read as such: it has passed', row(NOW, (NOW - 1) * 1000), 0, true],
    ['a creation time in milliseconds is read as such: its end lies ahead', row((NOW - 99) * 1000), 100, false],
    ['a creation time in milliseconds is read as such: its end has passed', row((NOW - 100) * 1000), 100, true],
    ['a creation time that is not a number: its end has passed', { key: { S: 'id' }, created_at: { S: '2023-11-14T22:13:20Z' } }, 100, true],
    ['a timeout of its own counts before the options', { ...row(NOW - 60, NOW + 500), own_ttl: { N: '900' }, own_timeout: { N: '50' } }, 100, true],
    ['a timeout of its own without a ttl of its own does not count', { ...row(NOW - 60, NOW + 500), own_timeout: { N: '50' } }, 100, false],
    ['a ttl of its own without a timeout of its own does not count', { ...row(NOW - 100, NOW + 500), own_ttl: { N: '900' } }, 100, true],
    ['a creation time that is not a number does not matter without an absolute timeout', { key: { S: 'id' }, created_at: { S: 'now' } }, 0, false],
  ])('%s', (_, given, absoluteTimeout, expected) => {
    expect(isExpired(given, NOW, { ...unlimited, absoluteTimeout })).toBe(expected);
  });
});

describe('expiryToBe', () => {
  test.each<[string, number, number, number | undefined]>([
    ['no limit: none', 0, 0, undefined],
    ['ttl: from now, in whole seconds', 900, 0, 1700000901],
    ['absolute timeout: from creation', 0, 1000, 1699999999 + 1000],
    ['both: the earlier one', 900, 100, 1699999999 + 100],
    ['both: the earlier one, the other way round', 50, 100, 1700000051],
  ])('%s', (_, ttl, absoluteTimeout, expected) => {
    expect(expiryToBe(1699999999.5, NOW, { ...unlimited, ttl, absoluteTimeout })).toBe(expected);
  });
});

describe('dueExpiry', () => {
  const policy = { ttl: 1000, absoluteTimeout: 0, touchAfter: 100, neverExpires: false };

  test.each<[string, SessionRow, typeof policy, number | 'never' | undefined]>([
    ['none is due without a ttl', row(NOW, NOW + 5), unlimited, undefined],
    ['with ttl 0 the expiry must go', row(NOW, NOW + 5), { ...unlimited, neverExpires: true }, 'never'],
    ['with ttl 0 none is due where there is none', row(NOW), { ...unlimited, neverExpires: true }, undefined],
    ['with ttl 0 and an absolute timeout that one counts', row(NOW - 500, NOW + 5), { ...unlimited, absoluteTimeout: 600, neverExpires: true }, 1700000100],
    ['an expiry in milliseconds is compared as such', row(NOW, 1700000950_000), policy, undefined],
    ['one is due where there is none', row(NOW), policy, 1700001001],
    ['one is due when touchAfter is used up', row(NOW, 1700000901), policy, 1700001001],
    ['none is due before', row(NOW, 1700000902), policy, undefined],
    ['none is due in the same second, even with touchAfter 0', row(NOW, 1700001001), { ...policy, touchAfter: 0 }, undefined],
    ['one is due when the limits were lowered since', row(NOW, 1700005000), policy, 1700001001],
    ['the absolute timeout caps it', row(NOW - 500), { ...policy, absoluteTimeout: 600 }, 1700000100],
    ['a capped expiry is not written again', row(NOW - 500, 1700000100), { ...policy, absoluteTimeout: 600, touchAfter: 0 }, undefined],
    ['a row of unknown age is capped from now', row(undefined, undefined), { ...policy, absoluteTimeout: 600 }, 1700000600],
  ])('%s', (_, given, limits, expected) => {
    expect(dueExpiry(given, NOW, limits)).toBe(expected);
  });
});

describe('dueLimit: of a row that is not renewed', () => {
  const policy = { ...unlimited, absoluteTimeout: 600 };

  test.each<[string, SessionRow, typeof policy, number | undefined]>([
    ['unknown age, no expiry: the absolute timeout counts from now', row(), policy, 1700000600],
    ['unknown age, a later expiry: the same', row(undefined, 1700009999), policy, 1700000600],
    ['unknown age, an earlier expiry: that one will do', row(undefined, 1700000500), policy, undefined],
    ['known age', row(NOW), policy, undefined],
    ['no absolute timeout', row(), unlimited, undefined],
  ])('%s', (_, given, limits, expected) => {
    expect(dueLimit(given, NOW, limits)).toBe(expected);
  });
});
