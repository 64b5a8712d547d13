import { SessionConflictError, getSessionData, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionRow } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { nowInSeconds, number, visitsTo } from '../../fixtures/visits-to-a-store.js';
import type { Handler } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  const testFound = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  let store: RecordingStore;
  const { visit, rowOf, expiryOf, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

  describe('the absolute time-out', () => {
    const limited = { ttl: 900, absoluteTimeout: 3600 };

    test('ends a session however much time its idle time-out leaves, and what follows starts afresh', async () => {
      await givenRow({ createdAgo: 3601, expiresIn: 500 });
      await visit('id', (current) => expect(current).toMatchObject({ isNew: true, data: null }), limited);

      expect(await rowOf('id')).toMatchObject({ value: { NULL: true }, access_counter: number(1) });
      expect(Number((await rowOf('id'))!.created_at!.N)).toBeGreaterThan(nowInSeconds() - 100);
    });

    test('a renewal goes no further than it', async () => {
      const row = await givenRow({ createdAgo: 3000, expiresIn: 10 });
      await visit('id', (current) => current.touch(), limited);

      expect(await expiryOf('id')).toBe(Number(row.created_at!.N) + 3600);
    });

    test('a save goes no further than it and leaves the beginning where it was', async () => {
      const row = await givenRow({ createdAgo: 3000, expiresIn: 10 });
      await visit('id', (current) => { current.data.name = 'Grace'; }, limited);

      expect(await rowOf('id')).toMatchObject({ created_at: row.created_at, ttl: number(Number(row.created_at!.N) + 3600) });
    });

    test('alone it is the expiry of a new session', async () => {
      await visit('id', () => undefined, { absoluteTimeout: 3600 });
      const { created_at: createdAt } = (await rowOf('id'))!;

      expect(await expiryOf('id')).toBe(Math.floor(Number(createdAt!.N) + 3600));
    });
  });

  describe('a session that expires during an invocation', () => {
    /** An invocation that is slow: the session has expired when its handler returns. */
    async function slowVisit(handler: Handler, options: SessionOptions = {}): Promise<string | undefined> {
      const clock = Date.now;
      try {
        return await visit('id', async (current) => {
          await handler(current);
          jest.spyOn(Date, 'now').mockImplementation(() => clock() + 60_000);
        }, { ttl: 900, ...options });
      } finally {
        jest.restoreAllMocks();
      }
    }

    test('is not revived by a renewal, and the client is not sent its id', async () => {
      const row = await givenRow({ expiresIn: 30 });

      expect(await slowVisit((current) => current.data)).toBeUndefined();
      expect(await rowOf('id')).toEqual(row);
    });

    test.each<[string, Handler, SessionOptions, Partial<SessionRow>]>([
      ['a save', (current) => { current.data.late = 1; }, {}, {}],
      ['a first value, write-once', (current) => current.set('late'), { update: false }, { value: { NULL: true } }],
    ])('is not revived by %s: an error', async (_, handler, options, attributes) => {
      const row = await givenRow({ expiresIn: 30 }, attributes);

      await expect(slowVisit(handler, options)).rejects.toThrow(SessionConflictError);
      expect(await rowOf('id')).toEqual(row);
    });

    testRegeneration('is not revived by a regeneration: an error', async () => {
      const row = await givenRow({ expiresIn: 30 });

      await expect(slowVisit((current) => current.regenerate())).rejects.toThrow(SessionConflictError);
      expect(await rowOf('id')).toEqual(row);
    });

    test('is not revived by update(fn): an error', async () => {
      const row = await givenRow({ expiresIn: 30 });
      const clock = Date.now;
      await visit('id', async (current) => {
        jest.spyOn(Date, 'now').mockImplementation(() => clock() + 60_000);
        await expect(current.update(() => 'late')).rejects.toThrow(SessionConflictError);
      }, { ttl: 900 });
      jest.restoreAllMocks();

      expect(await rowOf('id')).toEqual(row);
    });
  });

  testFound('an expired session that two find at the same time is begun again once, and neither loses what it set', async () => {
    await givenRow({ expiresIn: -10 });
    await visit('id', async () => {
      setSessionData({ mine: 1 });
      await visit('id', () => setSessionData({ ...getSessionData<object>(), theirs: 2 }));
    });

    expect((await rowOf('id'))?.value).toEqual({ M: { mine: number(1), theirs: number(2) } });
  });
});
