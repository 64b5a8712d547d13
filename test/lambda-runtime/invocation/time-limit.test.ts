import { session } from '../../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';

/** The time limit of the first call to a store when the function has so much time left. */
async function timeLimitWith(context: unknown): Promise<number> {
  let limit: number | undefined;
  const store = {
    get: async (_key: string, { timeLimitMs }: { timeLimitMs: number }) => { limit ??= timeLimitMs; },
    create: async () => ({ written: true }),
  } as unknown as SessionStore;
  await session(async () => ({ statusCode: 200 }), { store })(bareEvent({ 'session-id': 'visitor' }), context);
  return limit!;
}

test.each([
  [900_000, 10_000],
  [10_500, 10_000],
  [3000, 2500],
  [2000, 1500],
  [1000, 750],
  [500, 375],
  [100, 75],
  [4, 3],
  [0, 1],
  [-5, 1],
])('with %d ms left a call may take %d ms', async (remaining, limit) => {
  expect(await timeLimitWith({ getRemainingTimeInMillis: () => remaining })).toBe(limit);
});

test.each([undefined, null, {}, { getRemainingTimeInMillis: 7 }])('a call may take 10 s where Lambda does not say how much is left: %j', async (context) => {
  expect(await timeLimitWith(context)).toBe(10_000);
});
