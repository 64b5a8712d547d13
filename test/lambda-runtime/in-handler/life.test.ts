import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import {
  SessionConflictError, SessionDataTooLargeError, SessionError, currentSession, getSessionData, session, setSessionData, useSessionIdFromSeed,
} from '../../../lambda-runtime/src/index.js';
import type { Session, SessionOptions, SessionRow } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';

const READ = { timeLimitMs: 10_000, consistentRead: true };
const GENERATED_ID = /^[A-Za-z0-9_-]{43}$/;

interface RowTimes { readonly createdAgo?: number; readonly expiresIn?: number }

type Handler = (current: Session<any>) => unknown;

interface Response { readonly statusCode: number; readonly headers?: Readonly<Record<string, string>> }

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  const testFound = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  let store: RecordingStore;

  beforeEach(async () => { store = recording(await open()); });

  /** One invocation by a client that presents the id; returns the id in the response. */
  async function visit(id: string | undefined, handler: Handler, options: SessionOptions = {}): Promise<string | undefined> {
    const wrapped = session(async () => {
      await handler(currentSession());
      return { statusCode: 200 } as Response;
    }, { store, update: true, ...options });
    return (await wrapped(bareEvent(id === undefined ? undefined : { 'session-id': id }))).headers?.['session-id'];
  }

  const rowOf = (id: string) => store.get(id, READ);
  /** Expects nothing under the id but where the session has moved to, for about a minute. */
  const expectMoved = async (id: string, to: string) => {
    const row = await rowOf(id);
    expect(row).toEqual({ key: { S: id }, value: { NULL: true }, moved_to: { S: to }, ttl: expect.anything() });
    expect(Math.abs(Number(row!.ttl!.N) - nowInSeconds() - 60)).toBeLessThan(30);
  };
  const nowInSeconds = () => Date.now() / 1000;
  const number = (value: number) => ({ N: String(value) });
  const expiryOf = async (id: string) => Number((await rowOf(id))?.ttl?.N);

  /** A row as an earlier invocation may have left it; times in seconds from now. */
  async function givenRow({ createdAgo = 1000, expiresIn }: RowTimes = {}, attributes: Partial<SessionRow> = {}): Promise<SessionRow> {
    const row: SessionRow = {
      key: { S: 'id' },
      value: { M: { name: { S: 'Ada' } } },
      created_at: number(Math.floor(nowInSeconds() - createdAgo)),
      access_counter: number(3),
      ...(expiresIn !== undefined && { ttl: number(Math.floor(nowInSeconds() + expiresIn)) }),
      ...attributes,
    };
    await store.create({ row }, READ);
    store.calls.length = 0;
    return row;
  }

  describe('a session knows', () => {
    test('that it is new, and when it began and ends', async () => {
      const before = Date.now();
      await visit('id', (current) => {
        expect(current).toMatchObject({ id: 'id', isNew: true, data: null });
        expect(current.createdAt!.getTime()).toBeGreaterThanOrEqual(before);
        expect(current.expiresAt!.getTime()).toBeGreaterThan(before + 898_000);
      }, { ttl: 900 });
    });

    test('what its row says', async () => {
      const row = await givenRow({ expiresIn: 500 });
      await visit('id', (current) => expect(current).toMatchObject({
        id: 'id',
        isNew: false,
        data: { name: 'Ada' },
        createdAt: new Date(Number(row.created_at!.N) * 1000),
        expiresAt: new Date(Number(row.ttl!.N) * 1000),
      }));
    });

    test('nothing that a row made manually does not say', async () => {
      await store.create({ row: { key: { S: 'id' } } }, READ);
      await visit('id', (current) => expect(current).toMatchObject({ createdAt: undefined, expiresAt: undefined }));
    });

    test('its id to nobody who inspects it', async () => {
      await givenRow({ expiresIn: 500 }, { key: { S: 'the-secret-id' } });
      await visit('the-secret-id', (current) => {
        const shown = inspect(current, { depth: Infinity, showHidden: true });

        expect(shown).not.toContain('the-secret-id');
        expect(shown).toContain('Ada');
        expect(shown).toMatch(new RegExp(createHash('sha256').update('the-secret-id').digest('hex').slice(0, 12)));
      });
    });
  });

  describe('regenerate', () => {
    testRegeneration('gives a new id to the same session, and the old one leads nowhere', async () => {
      const row = await givenRow({ expiresIn: 500 }, { owner: { S: 'an attribute of somebody else' } });
      const newId = (await visit('id', (current) => current.regenerate()))!;

      expect(newId).toMatch(GENERATED_ID);
      expect(store.calls).toEqual(['get', 'regenerate']);
      await expectMoved('id', newId);
      expect(await rowOf(newId)).toEqual({ ...row, key: { S: newId }, access_counter: number(4) });
    });

    testRegeneration('saves what was changed in the same step', async () => {
      await givenRow();
      const newId = (await visit('id', (current) => {
        current.data.name = 'Grace';
        current.regenerate();
        current.data.role = 'admin';
      }))!;

      expect(store.calls).toEqual(['get', 'regenerate']);
      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Grace' }, role: { S: 'admin' } } });
    });

    testRegeneration('twice in one invocation still removes the first row', async () => {
      await givenRow();
      const ids: string[] = [];
      const newId = (await visit('id', (current) => {
        current.regenerate();
        ids.push(current.id);
        current.regenerate();
        ids.push(current.id);
      }))!;

      expect(newId).toBe(ids[1]);
      await expectMoved('id', newId);
      expect(await rowOf(ids[0])).toBeUndefined();
      expect(await rowOf(newId)).toBeDefined();
    });

    test('of a session that is new: it is made under the new id only', async () => {
      const newId = (await visit('mine', (current) => {
        current.set('data');
        current.regenerate();
      }))!;

      expect(newId).toMatch(GENERATED_ID);
      expect(await rowOf('mine')).toBeUndefined();
      expect((await rowOf(newId))?.value).toEqual({ S: 'data' });
    });

    testRegeneration('renews the expiry where it is due, and moves it no further than the absolute end', async () => {
      const row = await givenRow({ createdAgo: 1000, expiresIn: 10 });
      const newId = (await visit('id', (current) => current.regenerate(), { ttl: 900, absoluteTimeout: 1500 }))!;

      expect(await expiryOf(newId)).toBe(Number(row.created_at!.N) + 1500);
    });

    testRegeneration('write-once: the first value stays, under the new id', async () => {
      await givenRow();
      const newId = (await visit('id', (current) => {
        current.set('other');
        current.regenerate();
      }, { update: false }))!;

      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' } } });
    });

    test('is not done if the handler throws', async () => {
      const row = await givenRow();
      const failure = new Error('of the handler');

      await expect(visit('id', (current) => {
        current.regenerate();
        throw failure;
      })).rejects.toBe(failure);
      expect(await rowOf('id')).toEqual(row);
    });

    testRegeneration('and a save that comes first both survive', async () => {
      await givenRow();
      const newId = (await visit('id', async (current) => {
        current.regenerate();
        current.data.mine = 1;
        await visit('id', (other) => { other.data.theirs = 2; });
      }))!;

      await expectMoved('id', newId);
      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' }, mine: number(1), theirs: number(2) } });
    });

    testRegeneration('a save that had loaded the session before follows it, and its answer carries no id', async () => {
      await givenRow();
      let newId!: string;
      const sent = await visit('id', async (current) => {
        current.data.late = true;
        newId = (await visit('id', (other) => other.regenerate()))!;
      });

      expect(sent).toBeUndefined();
      await expectMoved('id', newId);
      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' }, late: { BOOL: true } } });
    });

    testRegeneration('update(fn) that had loaded the session before follows it, and its answer carries no id', async () => {
      await givenRow();
      let newId!: string;
      const sent = await visit('id', async (current) => {
        newId = (await visit('id', (other) => other.regenerate()))!;
        expect(await current.update((data: object) => ({ ...data, n: 1 }))).toEqual({ name: 'Ada', n: 1 });
        current.data.later = 1;
      });

      expect(sent).toBeUndefined();
      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' }, n: number(1), later: number(1) } });
    });

    testRegeneration('a first value, write-once, follows the session', async () => {
      await givenRow({}, { value: { NULL: true } });
      let newId!: string;
      await visit('id', async (current) => {
        current.set('first');
        newId = (await visit('id', (other) => other.regenerate()))!;
      }, { update: false });

      expect((await rowOf(newId))?.value).toEqual({ S: 'first' });
    });

    testRegeneration('a renewal that comes later renews nothing, and its answer carries no id', async () => {
      await givenRow({ expiresIn: 500 });
      const sent = await visit('id', async (current) => {
        current.touch();
        await visit('id', (other) => other.regenerate());
      }, { ttl: 900 });

      expect(sent).toBeUndefined();
    });

    testRegeneration('a session that was moved and then destroyed is not recreated', async () => {
      for (const late of [(current: Session<any>) => { current.data.late = 1; }, (current: Session) => current.regenerate()]) {
        await givenRow();
        await expect(visit('id', async (current) => {
          late(current);
          const newId = await visit('id', (other) => other.regenerate());
          await visit(newId, (other) => other.destroy());
        })).rejects.toThrow(SessionConflictError);
        await store.destroy('id', READ);
      }
    });

    testRegeneration('of two regenerations at the same time each has a session that works, with what it had loaded and changed', async () => {
      const { created_at } = await givenRow();
      let first!: string;
      const second = (await visit('id', async (current) => {
        current.data.mine = 1;
        current.regenerate();
        first = (await visit('id', (other) => {
          other.data.theirs = 1;
          other.regenerate();
        }))!;
      }))!;

      await expectMoved('id', first);
      expect(second).toMatch(GENERATED_ID);
      expect(await rowOf(first)).toMatchObject({ created_at, value: { M: { name: { S: 'Ada' }, theirs: number(1) } } });
      expect(await rowOf(second)).toMatchObject({ created_at, value: { M: { name: { S: 'Ada' }, mine: number(1) } } });
    });

    testRegeneration('one that follows update(fn) to where the session is takes nothing from there', async () => {
      await givenRow({}, { value: { M: { name: { S: 'Ada' }, n: number(1) } } });
      let first!: string;
      const second = (await visit('id', async (current) => {
        first = (await visit('id', (other) => {
          other.data.role = 'admin';
          other.regenerate();
        }))!;
        await current.update((data: any) => ({ ...data, n: data.n + 1 }));
        current.data.mine = 1;
        current.regenerate();
      }))!;

      expect((await rowOf(first))?.value).toEqual({ M: { name: { S: 'Ada' }, role: { S: 'admin' }, n: number(2) } });
      expect((await rowOf(second))?.value).toEqual({ M: { name: { S: 'Ada' }, n: number(2), mine: number(1) } });
    });

    testRegeneration('ends the row that was presented, also if this invocation could not use it', async () => {
      for (const clientIds of ['accept', 'reject'] as const) {
        await store.destroy('id', READ);
        await givenRow({ createdAgo: 5000 });
        const newId = (await visit('id', (current) => {
          current.regenerate();
          current.set('next');
        }, { absoluteTimeout: 3600, clientIds }))!;

        await expectMoved('id', newId);
        expect((await rowOf(newId))?.value).toEqual({ S: 'next' });
      }
    });

    test('ends the row that was presented, also if nothing is stored in its place', async () => {
      await givenRow({ createdAgo: 5000 });
      await visit('id', (current) => current.regenerate(), { absoluteTimeout: 3600, saveUninitialized: false });

      expect(await rowOf('id')).toBeUndefined();
    });

    testRegeneration('does not bring back a session that was destroyed', async () => {
      await givenRow();
      let newId!: string;
      const regenerating = visit('id', async (current) => {
        current.regenerate();
        newId = current.id;
        await visit('id', (other) => other.destroy());
      });

      await expect(regenerating).rejects.toThrow(SessionConflictError);
      expect(await rowOf('id')).toBeUndefined();
      expect(await rowOf(newId)).toBeUndefined();
    });
  });

  describe('the old id of a regenerated session', () => {
    let newId: string;

    async function regenerated(options: SessionOptions = {}): Promise<void> {
      await givenRow({ expiresIn: 500 });
      newId = (await visit('id', (current) => current.regenerate(), options))!;
      store.calls.length = 0;
    }

    const eachWay = async (run: (clientIds: 'accept' | 'reject') => Promise<void>) => {
      for (const clientIds of ['accept', 'reject'] as const) {
        await regenerated();
        await run(clientIds);
        await store.destroy('id', READ);
      }
    };

    testRegeneration('leads to no data, stores nothing, and the client is sent no id', () => eachWay(async (clientIds) => {
      const sent = await visit('id', (current) => {
        expect(current).toMatchObject({ isNew: true, data: null });
        expect([newId, 'id']).not.toContain(current.id);
      }, { clientIds });

      expect(sent).toBeUndefined();
      expect(store.calls).toEqual(['get']);
    }));

    testRegeneration('data that is set with it goes to a session with a fresh id', () => eachWay(async (clientIds) => {
      const sent = (await visit('id', (current) => current.set('other'), { clientIds }))!;

      expect(sent).toMatch(GENERATED_ID);
      expect((await rowOf(sent))?.value).toEqual({ S: 'other' });
      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' } } });
      await expectMoved('id', newId);
    }));

    testRegeneration('update(fn) with it does not reach the session', async () => {
      await regenerated();
      const sent = (await visit('id', (current) => current.update(() => 'other')))!;

      expect((await rowOf(sent))?.value).toEqual({ S: 'other' });
      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' } } });
    });

    testRegeneration('a logout with it destroys the session', async () => {
      await regenerated();
      const sent = await visit('id', (current) => current.destroy());

      expect(sent).toBe('');
      expect(store.calls).toEqual(['get', 'destroy', 'destroy', 'destroy']);
      expect(await rowOf('id')).toBeUndefined();
      expect(await rowOf(newId)).toBeUndefined();
    });

    testRegeneration('a logout that had loaded the session before destroys it', async () => {
      await givenRow({ expiresIn: 500 });
      await visit('id', async (current) => {
        newId = (await visit('id', (other) => other.regenerate()))!;
        await current.destroy();
      });

      expect(await rowOf('id')).toBeUndefined();
      expect(await rowOf(newId)).toBeUndefined();
    });

    testRegeneration('a logout follows the session three times, and no further', async () => {
      await givenRow({ expiresIn: 500 });
      const ids = ['id'];
      for (let i = 0; i < 4; i++) ids.push((await visit(ids.at(-1), (current) => current.regenerate()))!);
      await visit('id', (current) => current.destroy());

      const isThere = await Promise.all(ids.map(async (id) => await rowOf(id) !== undefined));
      expect(isThere).toEqual([false, false, false, false, true]);
    });

    testRegeneration('leads nowhere after a minute, although the row is still there', async () => {
      await regenerated();
      await store.destroy('id', READ);
      await store.create({ row: { key: { S: 'id' }, value: { NULL: true }, moved_to: { S: newId }, ttl: number(Math.floor(nowInSeconds())) } }, READ);
      await visit('id', (current) => current.destroy());
      expect(await rowOf(newId)).toBeDefined();

      await visit('id', (current) => current.set('next'));
      expect((await rowOf('id'))?.value).toEqual({ S: 'next' });
    });

    testRegeneration('a seed whose session has moved leads to a fresh session', async () => {
      const seed = createHash('sha256').update('room').digest('hex');
      await visit(undefined, async (current) => {
        await useSessionIdFromSeed('room');
        current.set('mine');
      });
      const moved = (await visit(undefined, async (current) => {
        await useSessionIdFromSeed('room');
        current.regenerate();
      }))!;
      await visit(undefined, async (current) => {
        await useSessionIdFromSeed('room');
        expect(current.data).toBeNull();
        current.set('other');
      });

      await expectMoved(seed, moved);
      expect((await rowOf(moved))?.value).toEqual({ S: 'mine' });
    });
  });

  describe('a row that is not a session of the presented id', () => {
    const sha256 = (id: string) => createHash('sha256').update(id).digest('hex');

    test.each<[string, SessionRow]>([
      ['an item of something else in the table', { key: { S: 'the-key' }, owner: { S: 'somebody' } }],
      ['a session whose key is a hash, for a function that does not hash ids', {
        key: { S: 'the-key' }, value: { S: 'secret' }, created_at: number(1700000000), access_counter: number(1), id_hashed: { BOOL: true },
      }],
    ])('%s is neither read nor written nor deleted', async (_, row) => {
      await store.create({ row }, READ);
      const sent = await visit('the-key', (current) => {
        expect(current).toMatchObject({ isNew: true, data: null });
        current.set('mine');
      });
      await visit('the-key', (current) => current.regenerate());
      await visit('the-key', (current) => current.destroy());

      expect(sent).toMatch(GENERATED_ID);
      expect(await rowOf('the-key')).toEqual(row);
    });

    test('the hash of an id from the table is worth nothing to a function that does not hash ids', async () => {
      const id = (await visit(undefined, (current) => current.set('secret'), { hashIds: true }))!;
      await visit(sha256(id), (current) => expect(current.data).toBeNull());
      await visit(id, (current) => expect(current.data).toBe('secret'), { hashIds: true });
    });

    test('a row that was added manually with nothing but its key is a session', async () => {
      await store.create({ row: { key: { S: 'id' } } }, READ);
      await visit('id', (current) => {
        expect(current).toMatchObject({ isNew: false, data: null });
        current.set('mine');
      });

      expect((await rowOf('id'))?.value).toEqual({ S: 'mine' });
    });
  });

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

  describe('the idle time-out', () => {
    test('a busy session costs one read and no write until a tenth of it is used up', async () => {
      const row = await givenRow({ expiresIn: 820 });
      await visit('id', (current) => current.data, { ttl: 900 });

      expect(store.calls).toEqual(['get']);
      expect(await rowOf('id')).toEqual(row);
    });

    test('an unchanged session is renewed once touchAfter is used up', async () => {
      await givenRow({ expiresIn: 840 });
      await visit('id', (current) => current.data, { ttl: 900, touchAfter: 30 });

      expect(store.calls).toEqual(['get', 'touch']);
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test('rolling false: an unchanged session is not renewed, a changed one is', async () => {
      const row = await givenRow({ expiresIn: 10 });
      await visit('id', (current) => current.data, { ttl: 900, rolling: false });
      expect(await rowOf('id')).toEqual(row);

      await visit('id', (current) => { current.data.name = 'Grace'; }, { ttl: 900, rolling: false });
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test.each<[string, SessionOptions]>([
      ['mutable', { update: true }],
      ['not rolling', { update: true, rolling: false }],
      ['write-once', { update: false }],
    ])('touch() renews a session before it is due: %s', async (_, options) => {
      await givenRow({ expiresIn: 850 });
      await visit('id', (current) => current.touch(), { ttl: 900, ...options });

      expect(store.calls).toEqual(['get', 'touch']);
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test('touch() renews a write-once session also where a later set is not stored', async () => {
      const { value } = await givenRow({ expiresIn: 850 });
      await visit('id', (current) => {
        current.set('other');
        current.touch();
      }, { ttl: 900, update: false });

      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
      expect((await rowOf('id'))?.value).toEqual(value);
    });

    test('touch() renews a write-once session together with its first value', async () => {
      await givenRow({ expiresIn: 850 }, { value: { NULL: true } });
      await visit('id', (current) => {
        current.set('first');
        current.touch();
      }, { ttl: 900, update: false });

      expect(store.calls).toEqual(['get', 'save']);
      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
    });

    test('touch() does not bring back a session that was destroyed, nor send its id', async () => {
      await givenRow({ expiresIn: 850 });
      const sentId = await visit('id', async (current) => {
        current.touch();
        await visit('id', (other) => other.destroy());
      }, { ttl: 900 });

      expect(sentId).toBeUndefined();
      expect(await rowOf('id')).toBeUndefined();
    });

    test('lowered between deployments: a session that would live longer is shortened to it immediately', async () => {
      await givenRow({ expiresIn: 86_400 });
      await visit('id', (current) => current.data, { ttl: 900 });

      expect(await expiryOf('id')).toBeLessThanOrEqual(nowInSeconds() + 901);
      expect((await rowOf('id'))?.access_counter).toEqual(number(3));
    });

    test('set in a later deployment: a session without expiry gets one', async () => {
      await givenRow();
      await visit('id', (current) => current.data, { ttl: 900 });

      expect(await expiryOf('id')).toBeGreaterThan(nowInSeconds() + 890);
      expect((await rowOf('id'))?.access_counter).toEqual(number(3));
    });

    test('set in a later deployment: a write-once session stays as it is', async () => {
      const row = await givenRow();
      await visit('id', (current) => current.data, { ttl: 900, update: false });

      expect(await rowOf('id')).toEqual(row);
    });

    test('left out in a later deployment: an expiry stays as it is', async () => {
      const row = await givenRow({ expiresIn: 500 });
      await visit('id', (current) => { current.data.name = 'Grace'; });
      await visit('id', (current) => current.touch());

      expect((await rowOf('id'))?.ttl).toEqual(row.ttl);
    });

    test.each<[string, Handler, string]>([
      ['a changed session', (current) => { current.data.name = 'Grace'; }, 'save'],
      ['an unchanged session', (current) => current.data, 'touch'],
      ['an updated session', (current) => current.update((data: object) => ({ ...data, role: 'admin' })), 'save'],
    ])('ttl 0 in a later deployment: %s never expires any more', async (_, handler, call) => {
      await givenRow({ expiresIn: 500 });
      await visit('id', handler, { ttl: 0 });

      expect(store.calls).toEqual(['get', call]);
      expect(await rowOf('id')).toBeDefined();
      expect(await rowOf('id')).not.toHaveProperty('ttl');
    });

    test('ttl 0 in a later deployment: a write-once session stays as it is', async () => {
      const row = await givenRow({ expiresIn: 500 });
      await visit('id', (current) => current.data, { ttl: 0, update: false });

      expect(await rowOf('id')).toEqual(row);
    });

    test('of two functions that share a session the last to use it decides when it expires', async () => {
      await givenRow({ expiresIn: 850 });
      const expectExpiresIn = async (seconds: number) => expect(Math.abs(await expiryOf('id') - nowInSeconds() - seconds)).toBeLessThan(60);
      await visit('id', (current) => current.data, { ttl: 3600 });
      await expectExpiresIn(3600);
      await visit('id', (current) => current.data, { ttl: 900 });
      await expectExpiresIn(900);

      store.calls.length = 0;
      await visit('id', (current) => current.data, { ttl: 900 });
      expect(store.calls).toEqual(['get']);
    });
  });

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

  describe('a row that was added manually', () => {
    const LIMITED: SessionOptions = { ttl: 900, absoluteTimeout: 3600 };
    const addRow = (attributes: Partial<SessionRow>) => store.create({ row: { key: { S: 'id' }, value: { M: { name: { S: 'Ada' } } }, ...attributes } }, READ);
    const seconds = (offset: number) => Math.floor(nowInSeconds()) + offset;

    test.each<[string, () => Partial<SessionRow>, boolean]>([
      ['nothing but data', () => ({}), true],
      ['an expiry ahead', () => ({ ttl: number(seconds(500)) }), true],
      ['an expiry in milliseconds ahead', () => ({ ttl: number(seconds(500) * 1000) }), true],
      ['an expiry in milliseconds that has passed', () => ({ ttl: number(seconds(-5) * 1000) }), false],
      ['an expiry that is text', () => ({ ttl: { S: String(seconds(500)) } }), false],
      ['an expiry that is NULL', () => ({ ttl: { NULL: true } }), false],
      ['a creation time in milliseconds', () => ({ created_at: number(seconds(-1000) * 1000) }), true],
      ['a creation time in milliseconds too long ago', () => ({ created_at: number(seconds(-4000) * 1000) }), false],
      ['a creation time that is text', () => ({ created_at: { S: '2026-01-01T00:00:00Z' } }), false],
    ])('with %s', async (_, attributes, isUsable) => {
      await addRow(attributes());
      await visit('id', (current) => expect(current.data).toEqual(isUsable ? { name: 'Ada' } : null), LIMITED);
    });

    test.each<[string, SessionOptions]>([
      ['mutable', { update: true }],
      ['not rolling', { rolling: false }],
      ['write-once', { update: false }],
    ])('has an absolute timeout from its first visit on, however often it is used: %s', async (_, options) => {
      await addRow({});
      await visit('id', (current) => current.data, { ...options, absoluteTimeout: 3600 });
      const row = (await rowOf('id'))!;

      expect(row).toMatchObject({ adopted: { BOOL: true }, ttl: number(Math.floor(Number(row.created_at!.N) + 3600)) });
      await visit('id', (current) => current.data, { ...options, absoluteTimeout: 3600 });
      expect(await rowOf('id')).toEqual(row);
    });

    testFound('two concurrent invocations that change different fields both survive', async () => {
      await addRow({});
      await visit('id', async (current) => {
        current.data.mine = 1;
        await visit('id', (other) => { other.data.theirs = 2; });
      });

      expect(await rowOf('id')).toMatchObject({ adopted: { BOOL: true }, value: { M: { name: { S: 'Ada' }, mine: number(1), theirs: number(2) } } });
    });

    testFound('of two concurrent updates none is lost, also beside a renewal', async () => {
      await addRow({});
      await visit('id', async (current) => {
        await visit('id', (other) => other.touch(), { ttl: 900 });
        await visit('id', (other) => other.update((data: any) => ({ ...data, n: 1 })));
        await current.update((data: any) => ({ ...data, n: (data.n ?? 0) + 1 }));
        current.data.last = 1;
      });

      expect((await rowOf('id'))?.value).toEqual({ M: { name: { S: 'Ada' }, n: number(2), last: number(1) } });
    });

    testFound('that was destroyed and begun again is another session', async () => {
      await addRow({});
      const late = visit('id', async (current) => {
        current.data.late = 1;
        await visit('id', (other) => other.destroy());
        await visit('id', (other) => other.set({ again: 1 }));
      });

      await expect(late).rejects.toThrow(SessionConflictError);
      expect((await rowOf('id'))?.value).toEqual({ M: { again: number(1) } });
    });
  });

  describe('a session that was too large when it was loaded', () => {
    const LARGE = 'x'.repeat(300_000);
    const freed = () => visit('id', (other) => { delete other.data.large; });

    test.each<[string, Handler]>([
      ['a change', (current) => { current.data.added = LARGE; }],
      ['a change of many fields', (current) => { for (let i = 0; i < 150; i++) current.data[`field${i}`] = LARGE.slice(0, 2000); }],
      ['update(fn)', async (current) => { await freed(); await current.update((data: any) => ({ ...data, added: LARGE })); }],
    ])('takes %s once another invocation has freed the room', async (_, handler) => {
      await givenRow({}, { value: { M: { large: { S: LARGE } } } });
      await visit('id', async (current) => {
        await handler(current);
        await freed();
      });

      expect(Object.keys((await rowOf('id'))!.value!.M!)).not.toContain('large');
    });

    testRegeneration('takes a change under a new id once another invocation has freed the room', async () => {
      await givenRow({}, { value: { M: { large: { S: LARGE } } } });
      const newId = (await visit('id', async (current) => {
        current.data.added = LARGE;
        current.regenerate();
        await freed();
      }))!;

      expect(Object.keys((await rowOf(newId))!.value!.M!)).toEqual(['added']);
    });

    test('takes no change that does not fit there either', async () => {
      await givenRow({}, { value: { M: { large: { S: LARGE } } } });
      const handlers: Handler[] = [
        (current) => { current.data.added = LARGE; },
        (current) => current.update((data: object) => ({ ...data, added: LARGE })),
      ];
      for (const handler of handlers) {
        await expect(visit('id', handler)).rejects.toThrow(SessionDataTooLargeError);
      }
    });
  });

  test('a new session is created when it says it was', async () => {
    for (const random of [0, 0.9999]) {
      jest.spyOn(Math, 'random').mockReturnValue(random); // of which the digits behind the milliseconds are made
      for (let milliseconds = 0; milliseconds < 20; milliseconds++) {
        jest.spyOn(Date, 'now').mockReturnValue(1_900_000_000_000 + milliseconds * 37);
        let said: Date | undefined;
        const id = (await visit(undefined, (current) => {
          said = current.createdAt;
          current.set(1);
        }))!;

        expect(said).toEqual(new Date(1_900_000_000_000 + milliseconds * 37));
        await visit(id, (current) => expect(current.createdAt).toEqual(said));
      }
    }
    jest.restoreAllMocks();
  });

  describe('hashed ids', () => {
    const sha256 = (id: string) => createHash('sha256').update(id).digest('hex');
    const pepper = 'a pepper of at least thirty-two bytes';

    test('the table holds the SHA-256 of the id, and the session is found again', async () => {
      const id = (await visit(undefined, (current) => current.set({ visits: 1 }), { hashIds: true }))!;
      await visit(id, (current) => expect(current).toMatchObject({ id, data: { visits: 1 } }), { hashIds: true });

      expect(id).toMatch(GENERATED_ID);
      expect(await rowOf(id)).toBeUndefined();
      expect(await rowOf(sha256(id))).toMatchObject({ key: { S: sha256(id) }, value: { M: { visits: number(1) } } });
      expect(JSON.stringify(await rowOf(sha256(id)))).not.toContain(id);
    });

    test('with a pepper it is the HMAC, of which one who knows the ids learns nothing', async () => {
      const id = (await visit(undefined, (current) => current.set('data'), { hashIds: true, pepper }))!;

      expect(await rowOf(sha256(id))).toBeUndefined();
      expect((await rowOf(createHmac('sha256', pepper).update(id).digest('hex')))?.value).toEqual({ S: 'data' });
    });

    test('the hash presented as an id is another session', async () => {
      const id = (await visit(undefined, (current) => current.set('data'), { hashIds: true }))!;

      await visit(sha256(id), (current) => expect(current).toMatchObject({ isNew: true, data: null }), { hashIds: true });
    });

    test('so is the id from a seed', async () => {
      await visit(undefined, async (current) => {
        await useSessionIdFromSeed('room 1');
        current.set('data');
      }, { hashIds: true });

      expect((await rowOf(sha256(sha256('room 1'))))?.value).toEqual({ S: 'data' });
    });

    testRegeneration('so is the id that regenerate gives', async () => {
      await givenRow({}, { key: { S: sha256('id') } });
      const newId = (await visit('id', (current) => current.regenerate(), { hashIds: true }))!;

      await expectMoved(sha256('id'), sha256(newId));
      expect(await rowOf(sha256(newId))).toBeDefined();
    });

    test('destroy deletes by the hash', async () => {
      await givenRow({}, { key: { S: sha256('id') } });
      await visit('id', (current) => current.destroy(), { hashIds: true });

      expect(await rowOf(sha256('id'))).toBeUndefined();
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
