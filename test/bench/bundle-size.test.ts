import { ownSizes } from '../../bench/sections/bundle-size';

test('the handlers of the size table bundle as they stand, in a framework too', () => {
  const { own, added } = ownSizes();

  expect(Object.keys(added)).toEqual(['Hono', 'middy']);
  for (const { bytes, gzippedBytes } of [...Object.values(own), ...Object.values(added)]) {
    expect(bytes).toBeGreaterThan(50_000);
    expect(gzippedBytes).toBeLessThan(bytes / 2);
  }
});
