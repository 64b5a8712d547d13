import { differences, format, median, ratios, summarise } from '../../bench/figures';

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 2])).toBe(2);
});

test('quartiles are interpolated', () => {
  expect(summarise([1, 2, 3, 4, 5])).toEqual({ median: 3, lowerQuartile: 2, upperQuartile: 4 });
  expect(summarise([10, 20])).toEqual({ median: 15, lowerQuartile: 12.5, upperQuartile: 17.5 });
});

test('ratios and differences are those of each round, not of the medians', () => {
  expect(ratios([2, 30, 8], [1, 10, 2])).toEqual({ median: 3, lowerQuartile: 2.5, upperQuartile: 3.5 });
  expect(differences([2, 30, 8], [1, 10, 2])).toMatchObject({ median: 6 });
});

test.each([
  [1234.5, '1,235'],
  [99.94, '99.9'],
  [0.06312, '0.0631'],
  [0, '0'],
  [NaN, '–'],
])('%d is shown as %s', (value, shown) => {
  expect(format(value)).toBe(shown);
});
