import { monthlyPrice, readUnits, writeUnits } from '../../bench/capacity';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html

test.each([
  [0, 1],
  [4096, 1],
  [4097, 2],
  [400 * 1024, 100],
])('a consistent read of %d bytes takes %d read units, another one half of that', (bytes, units) => {
  expect(readUnits(bytes, true)).toBe(units);
  expect(readUnits(bytes, false)).toBe(units / 2);
});

test.each([
  [0, 1024, 1],
  [1024, 1025, 2],
  [3000, 10, 3],
])('a write that makes %d bytes %d takes %d write units', (before, after, units) => {
  expect(writeUnits(before, after)).toBe(units);
});

test('a read and a write in each of 1,000 requests per second cost 1,944 USD in 30 days', () => {
  expect(monthlyPrice({ readUnits: 1, writeUnits: 1 })).toBeCloseTo(2592 * (0.125 + 0.625));
});
