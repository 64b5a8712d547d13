import { MemoryStore, currentSession, session } from '../../../lambda-runtime/src/index.js';
import type { SignInOptions } from '../../../lambda-runtime/src/index.js';
import type { SessionRow } from '../../../lambda-runtime/src/stores.js';
import { bareEvent } from '../../fixtures/events.js';

/** Weeks of use on a clock that the test moves: an index item must never go before its session. */

const HOUR = 3600;
const DAY = 24 * HOUR;

let now: number;
beforeEach(() => {
  now = 1_800_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now * 1000);
});
afterEach(() => jest.restoreAllMocks());

/** The functions of an application, before and after their times were lowered and raised. */
const TIMES = [
  { ttl: 15 * 60 }, { ttl: 2 * HOUR }, { ttl: 7 * DAY }, { ttl: 60 }, { ttl: 30 * DAY }, { ttl: 0 },
  { ttl: 15 * 60, absoluteTimeout: 12 * HOUR }, { ttl: 7 * DAY, absoluteTimeout: 30 * DAY }, { ttl: 0, absoluteTimeout: 60 * DAY },
];

/** The same numbers for the same seed. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const end = (row: { readonly ttl?: { readonly N?: string } } | undefined) => Number(row?.ttl?.N ?? Infinity);

async function live(seed: number, weeks: number, signInOptions: SignInOptions, changesTimes: boolean) {
  const random = pseudoRandom(seed);
  const store = new MemoryStore();
  let indexWrites = 0;
  const writeBeside = store.writeBeside.bind(store);
  store.writeBeside = async (write) => { indexWrites++; return writeBeside(write); };
  let times = TIMES[Math.floor(random() * 3)];
  let id: string | undefined;
  let visits = 0;
  let life = 0;
  let signIns = 0;
  const started = now;

  while (now < started + weeks * 7 * DAY) {
    const response = await session(async () => {
      const current = currentSession<number>();
      if (current.user === undefined) {
        current.signIn('ada', signInOptions);
        signIns++;
      } else if (random() < 0.02) {
        current.regenerate();
      } else if (random() < 0.5) {
        current.set(visits);
      }
      life = current.createdAt!.getTime();
      return { statusCode: 200, headers: {} as Record<string, string> };
    }, { store, update: true, ...times })(bareEvent(id === undefined ? {} : { 'session-id': id }));
    id = response.headers['session-id'] || id;
    visits++;

    const row = await store.get(id!) as SessionRow;
    const { items } = await store.collections.query({ collection: 'user#ada' });
    const item = items.find(({ item: { S } }) => S === id);
    expect({ visits, life, times, isIndexed: item !== undefined, isCovered: end(item) >= end(row) })
      .toEqual({ visits, life, times, isIndexed: true, isCovered: true });

    now += Math.floor(random() * (random() < 0.1 ? 2 * DAY : 1800));
    if (changesTimes && random() < 0.01) {
      times = TIMES[Math.floor(random() * TIMES.length)];
    }
  }
  return { visits, indexWrites, signIns };
}

test('an index item never goes before its session, over weeks, while the times of the handlers are lowered and raised', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    await live(seed, 6, {}, true);
  }
});

test('neither does that of a persistent session', async () => {
  for (let seed = 1; seed <= 4; seed++) {
    await live(seed, 8, { persistent: true, ttl: 14 * DAY, absoluteTimeout: seed % 2 === 0 ? 0 : 30 * DAY }, true);
  }
});

test('a session that is in use all the time costs a write of its index item about once in five times its ttl', async () => {
  const store = new MemoryStore();
  let indexWrites = 0;
  const writeBeside = store.writeBeside.bind(store);
  store.writeBeside = async (write) => { indexWrites++; return writeBeside(write); };
  const handler = session(() => {
    if (currentSession().user === undefined) currentSession().signIn('ada');
    return { statusCode: 200, headers: {} as Record<string, string> };
  }, { store, update: true, ttl: DAY });
  let id: string | undefined;
  for (const started = now; now < started + 100 * DAY; now += DAY / 8) {
    id = (await handler(bareEvent(id === undefined ? {} : { 'session-id': id }))).headers['session-id'] || id;
  }

  expect(indexWrites).toBeGreaterThan(15);
  expect(indexWrites).toBeLessThan(25);
});
