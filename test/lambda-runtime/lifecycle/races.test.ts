import { setTimeout as sleep } from 'node:timers/promises';
import { SessionConflictError, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';

const LIMITS = { timeLimitMs: 10_000 };

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRace = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  let store: SessionStore;

  beforeEach(async () => { store = await open(); });

  function invoke(handler: () => unknown, options: SessionOptions = {}): Promise<unknown> {
    return session(handler as () => Promise<unknown>, { store, update: true, ...options })(bareEvent({ 'session-id': 'id' }));
  }

  /** One invocation that has loaded the session while another one runs from beginning to end. */
  function overtaken(by: () => Promise<unknown>, own: () => unknown, options: SessionOptions = {}): Promise<unknown> {
    return invoke(async () => {
      own();
      await by();
      return { statusCode: 200 };
    }, options);
  }

  const data = async () => {
    const row = await store.get('id', { ...LIMITS, consistentRead: true });
    return row && { value: row.value, counter: row.access_counter?.N };
  };
  const change = (fields: Record<string, unknown>) => () => setSessionData({ ...getSessionData<object>(), ...fields });
  const destroy = () => store.destroy('id', LIMITS);

  describe('a session that both know', () => {
    beforeEach(async () => { await invoke(() => setSessionData({ a: 1, b: 1, c: 1 })); });

    test('two that change different fields both survive', async () => {
      await overtaken(() => invoke(change({ a: 2 })), change({ b: 2 }));

      expect(await data()).toEqual({ value: { M: { a: { N: '2' }, b: { N: '2' }, c: { N: '1' } } }, counter: '3' });
    });

    test('of two that change one field the later write stands', async () => {
      await overtaken(() => invoke(change({ a: 'early' })), change({ a: 'late' }));

      expect((await data())?.value?.M?.a).toEqual({ S: 'late' });
    });

    test('a field that was removed stays removed when another is changed', async () => {
      await overtaken(() => invoke(() => setSessionData({ a: 1, b: 1 })), change({ b: 2 }));

      expect((await data())?.value).toEqual({ M: { a: { N: '1' }, b: { N: '2' } } });
    });

    testRace('fields that meet what is no map any more replace it', async () => {
      await overtaken(() => invoke(() => setSessionData('text')), change({ b: 2 }));

      expect((await data())?.value).toEqual({ M: { a: { N: '1' }, b: { N: '2' }, c: { N: '1' } } });
    });

    testRace('over 100 changed fields meet another change, and both survive', async () => {
      const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`field${i}`, i]));
      await overtaken(() => invoke(change({ a: 2 })), change(many));
      const value = (await data())?.value?.M;

      expect(value?.a).toEqual({ N: '2' });
      expect(Object.keys(value ?? {})).toHaveLength(303);
    });

    test('changed data is not saved to a session that was destroyed: an error, and no row', async () => {
      await expect(overtaken(destroy, change({ a: 2 }))).rejects.toThrow(SessionConflictError);
      expect(await data()).toBeUndefined();
    });

    test('the error says that the changes were not saved, where they were sent once', async () => {
      await expect(overtaken(destroy, change({ a: 2 }))).rejects.toThrow(/; its changes were not saved, and it was not recreated$/);
    });

    testRace('changed data is not saved to another life of the session', async () => {
      const rebirth = async () => {
        await destroy();
        await sleep(2); // lives are distinguished by the millisecond in which they began
        await invoke(() => setSessionData({ reborn: true }));
      };

      await expect(overtaken(rebirth, change({ a: 2 }))).rejects.toThrow(SessionConflictError);
      expect((await data())?.value).toEqual({ M: { reborn: { BOOL: true } } });
    });

    test('a touch does not bring back a session that was destroyed, and the client does not receive its id', async () => {
      expect(await overtaken(destroy, () => undefined, { ttl: 900 })).toEqual({ statusCode: 200 });
      expect(await data()).toBeUndefined();
    });
  });

  describe('a session that both make', () => {
    testRace('two first maps both survive', async () => {
      await overtaken(() => invoke(() => setSessionData({ a: 1 })), () => setSessionData({ b: 2 }));

      expect((await data())?.value).toEqual({ M: { a: { N: '1' }, b: { N: '2' } } });
    });

    testRace('of two values that are no maps the later write stands', async () => {
      await overtaken(() => invoke(() => setSessionData('early')), () => setSessionData('late'));

      expect((await data())?.value).toEqual({ S: 'late' });
    });

    testRace('a first value is not lost to one that sets nothing', async () => {
      await overtaken(() => invoke(() => setSessionData('early')), () => undefined);

      expect((await data())?.value).toEqual({ S: 'early' });
    });

    testRace('write-once: of two first sets the first stands', async () => {
      await overtaken(() => invoke(() => setSessionData('first'), { update: false }), () => setSessionData('second'), { update: false });

      expect(await data()).toEqual({ value: { S: 'first' }, counter: '1' });
    });

    testRace('there is one row, made once', async () => {
      await Promise.all(Array.from({ length: 10 }, (_, i) => invoke(change({ [`field${i}`]: i }))));

      expect(Object.keys((await data())?.value?.M ?? {})).toHaveLength(10);
    });
  });

  describe('a session without a value', () => {
    beforeEach(async () => { await invoke(() => undefined); });

    testRace('two first maps both survive', async () => {
      await overtaken(() => invoke(() => setSessionData({ a: 1 })), () => setSessionData({ b: 2 }));

      expect(await data()).toEqual({ value: { M: { a: { N: '1' }, b: { N: '2' } } }, counter: '3' });
    });

    testRace('write-once: of two first sets the first stands', async () => {
      await overtaken(() => invoke(() => setSessionData('first'), { update: false }), () => setSessionData('second'), { update: false });

      expect(await data()).toEqual({ value: { S: 'first' }, counter: '2' });
    });

    test('write-once: a first set to a session that was destroyed is an error, and no row', async () => {
      await expect(overtaken(destroy, () => setSessionData('first'), { update: false })).rejects.toThrow(SessionConflictError);
      expect(await data()).toBeUndefined();
    });
  });

  describe('an expired session', () => {
    testRace('is replaced once: who comes second meets the successor', async () => {
      const row = { key: { S: 'id' }, value: { M: { old: { BOOL: true } } }, created_at: { N: '1600000000' }, access_counter: { N: '7' }, ttl: { N: '1600000900' } };
      await store.create({ row }, LIMITS);
      await overtaken(() => invoke(() => setSessionData({ a: 1 })), () => setSessionData({ b: 2 }));

      expect(await data()).toEqual({ value: { M: { a: { N: '1' }, b: { N: '2' } } }, counter: '2' });
    });
  });
});
