import { dueExpiry, expiryToBe, isExpired } from '../../../lambda-runtime/src/session/expiry.js';
import type { SessionRow } from '../../../lambda-runtime/src/stores/store.js';

const NOW = 1700000000.75;
const unlimited = { ttl: 0, absoluteTimeout: 0, touchAfter: 0 };

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
    ['an expiry that is no number is none', { key: { S: 'id' }, ttl: { S: 'soon' } }, 0, false],
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
  const policy = { ttl: 1000, absoluteTimeout: 0, touchAfter: 100 };

  test.each<[string, SessionRow, typeof policy, number | undefined]>([
    ['none is due with ttl 0', row(NOW, NOW + 5), unlimited, undefined],
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
