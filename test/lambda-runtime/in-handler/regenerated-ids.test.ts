import { createHash } from 'node:crypto';
import { useSessionIdFromSeed } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { GENERATED_ID, READ, nowInSeconds, number, visitsTo } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf, expectMoved, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

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
});
