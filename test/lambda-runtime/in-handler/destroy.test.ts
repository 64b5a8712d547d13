import { SessionError, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { Session, SessionOptions } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { number, visitsTo } from '../../fixtures/visits-to-a-store.js';
import type { RowTimes } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

  describe('destroy', () => {
    test('deletes the row immediately, and the client is asked to forget its id', async () => {
      await givenRow();
      const sentId = await visit('id', async (current) => {
        await current.destroy();
        expect(await rowOf('id')).toBeUndefined();
      });

      expect(sentId).toBe('');
      expect(await rowOf('id')).toBeUndefined();
    });

    test('stays done when the handler throws later', async () => {
      await givenRow();
      const failure = new Error('of the handler');

      await expect(visit('id', async (current) => {
        await current.destroy();
        throw failure;
      })).rejects.toBe(failure);
      expect(await rowOf('id')).toBeUndefined();
    });

    test.each<[string, (current: Session) => unknown]>([
      ['set', (current) => current.set(1)],
      ['setSessionData', () => setSessionData(1)],
      ['update', (current) => current.update(() => 1)],
      ['touch', (current) => current.touch()],
      ['regenerate', (current) => current.regenerate()],
    ])('%s after it is an error', async (_, useIt) => {
      await givenRow();
      await visit('id', async (current) => {
        await current.destroy();
        await expect(async () => useIt(current)).rejects.toThrow(SessionError);
      });

      expect(await rowOf('id')).toBeUndefined();
    });

    test('drops what was changed before', async () => {
      await givenRow();
      await visit('id', async (current) => {
        current.data.name = 'Grace';
        current.touch();
        await current.destroy();
      });

      expect(await rowOf('id')).toBeUndefined();
    });

    test('comes after the updates that were begun before', async () => {
      await givenRow();
      await visit('id', async (current) => {
        const update = current.update((data) => { data.visits = 1; });
        await current.destroy();
        await update;
      });

      expect(await rowOf('id')).toBeUndefined();
    });

    test('deletes the row that the session has, also when it is to have another id', async () => {
      await givenRow();
      const sentId = await visit('id', async (current) => {
        current.regenerate();
        await current.destroy();
      });

      expect(sentId).toBe('');
      expect(await rowOf('id')).toBeUndefined();
    });

    test('costs nothing for a session that nobody can know', async () => {
      await visit(undefined, (current) => current.destroy());

      expect(store.calls).toEqual([]);
    });

    test('that fails and is caught leaves the client its id and the session as it was, and may be tried again', async () => {
      const row = await givenRow();
      const failure = new Error('of the store');
      const { destroy } = store;
      store.destroy = async () => { throw failure; };
      const sent = await visit('id', async (current) => {
        await expect(current.destroy()).rejects.toBe(failure);
        expect(current.data).toEqual({ name: 'Ada' });
      });
      expect(sent).toBe('id');
      expect(await rowOf('id')).toEqual(row);

      const sentLater = await visit('id', async (current) => {
        await expect(current.destroy()).rejects.toBe(failure);
        store.destroy = destroy;
        await current.destroy();
      });
      expect(sentLater).toBe('');
      expect(await rowOf('id')).toBeUndefined();
    });

    testRegeneration('that fails on its way to where the session has moved goes on there when it is tried again', async () => {
      await givenRow();
      const newId = (await visit('id', (current) => current.regenerate()))!;
      const { destroy } = store;
      store.destroy = async (key, options) => {
        if (key === newId) throw new Error('of the store');
        return destroy(key, options);
      };
      await visit('id', async (current) => {
        await expect(current.destroy()).rejects.toThrow('of the store');
        store.destroy = destroy;
        await current.destroy();
      });

      expect(await rowOf(newId)).toBeUndefined();
    });

    const schema = { '~standard': { validate: () => ({ issues: [{ message: 'never fits' }] }) } };

    test.each<[string, RowTimes, SessionOptions]>([
      ['its data does not fit the schema', {}, { schema, onInvalid: 'new' }],
      ['its data cannot be read', {}, { schema }],
      ['this function ends sessions earlier', { createdAgo: 5000 }, { absoluteTimeout: 3600 }],
      ['it cannot be seen yet', {}, { consistentRead: false }],
    ])('ends the row that was presented, also if this invocation cannot use it: %s', async (_, times, options) => {
      for (const clientIds of ['accept', 'reject'] as const) {
        await givenRow(times);
        const { get } = store;
        if (options.consistentRead === false) store.get = async () => undefined;
        await visit('id', (current) => current.destroy(), { ...options, clientIds });
        store.get = get;

        expect(await rowOf('id')).toBeUndefined();
      }
    });

    test('can be done twice', async () => {
      await givenRow();
      await visit('id', async (current) => {
        await current.destroy();
        await current.destroy();
      });

      expect(await rowOf('id')).toBeUndefined();
    });

    test('the id begins a new life from then on', async () => {
      const { created_at: firstLife } = await givenRow();
      await visit('id', (current) => current.destroy());
      await visit('id', (current) => expect(current).toMatchObject({ isNew: true, data: null }));

      expect(await rowOf('id')).toMatchObject({ value: { NULL: true }, access_counter: number(1) });
      expect(Number((await rowOf('id'))!.created_at!.N)).toBeGreaterThan(Number(firstLife!.N));
    });
  });
});
