import { SessionConflictError } from '../../../lambda-runtime/src/index.js';
import type { Session } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { GENERATED_ID, READ, nowInSeconds, number, visitsTo } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf, expiryOf, expectMoved, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

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

    test('of a session that is new: what is set after update(fn) is saved under the new id too', async () => {
      const newId = (await visit('mine', async (current) => {
        current.regenerate();
        await current.update(() => ({ n: 1 }));
        current.data.more = 2;
      }))!;

      expect(await rowOf('mine')).toBeUndefined();
      expect((await rowOf(newId))?.value).toEqual({ M: { n: number(1), more: number(2) } });
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

    testRegeneration('a logout after update(fn) followed the session ends it, also if the forwarding row is gone by then', async () => {
      await givenRow();
      let newId!: string;
      await visit('id', async (current) => {
        newId = (await visit('id', (other) => other.regenerate()))!;
        await current.update((data: object) => ({ ...data, n: 1 }));
        await store.destroy('id', READ);
        await current.destroy();
      });

      expect(await rowOf(newId)).toBeUndefined();
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

    testRegeneration('a save that follows the session costs one read and one write more', async () => {
      await givenRow();
      await visit('id', async (current) => {
        current.data.late = true;
        await visit('id', (other) => other.regenerate());
      });

      expect(store.calls).toEqual(['get', 'get', 'regenerate', 'save', 'get', 'save']);
    });

    testRegeneration('a save follows the session three times, and no further', async () => {
      for (const [moves, isSaved] of [[3, true], [4, false]] as const) {
        await givenRow();
        let last: string | undefined = 'id';
        const saving = visit('id', async (current) => {
          current.data.late = true;
          for (let i = 0; i < moves; i++) last = await visit(last, (other) => other.regenerate());
        });
        await (isSaved ? saving : expect(saving).rejects.toThrow(SessionConflictError));

        expect((await rowOf(last))?.value).toEqual({ M: { name: { S: 'Ada' }, ...(isSaved && { late: { BOOL: true } }) } });
        await store.destroy('id', READ);
      }
    });

    testRegeneration('a save that comes when its forwarding row has expired is an error, and nothing is recreated', async () => {
      await givenRow();
      let newId!: string;
      await expect(visit('id', async (current) => {
        current.data.late = true;
        newId = (await visit('id', (other) => other.regenerate()))!;
        const { moved_to } = (await rowOf('id'))!;
        await store.destroy('id', READ);
        await store.create({ row: { key: { S: 'id' }, value: { NULL: true }, moved_to, ttl: number(Math.floor(nowInSeconds())) } }, READ);
      })).rejects.toThrow(SessionConflictError);

      expect((await rowOf(newId))?.value).toEqual({ M: { name: { S: 'Ada' } } });
      expect(await rowOf('id')).toHaveProperty('moved_to');
    });

    testRegeneration('of two that regenerations at the same time leave, a logout ends the one whose id is presented', async () => {
      await givenRow();
      let first!: string;
      const second = (await visit('id', async (current) => {
        current.regenerate();
        first = (await visit('id', (other) => other.regenerate()))!;
      }))!;
      await visit(second, (current) => current.destroy());

      expect(await rowOf(second)).toBeUndefined();
      expect(await rowOf(first)).toBeDefined();
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

    testRegeneration('ends the row that was presented, also if this invocation cannot see it yet', async () => {
      for (const clientIds of ['accept', 'reject'] as const) {
        await givenRow();
        const { get } = store;
        store.get = async (key, options) => (options.consistentRead ? get(key, options) : undefined);
        const newId = (await visit('id', (current) => {
          current.regenerate();
          current.set('next');
        }, { consistentRead: false, clientIds }))!;
        store.get = get;

        await expectMoved('id', newId);
        expect((await rowOf(newId))?.value).toEqual({ S: 'next' });
        await store.destroy('id', READ);
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
});
