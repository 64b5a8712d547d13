import { createHash, createHmac } from 'node:crypto';
import { useSessionIdFromSeed } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { GENERATED_ID, number, visitsTo } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf, expectMoved, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

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
});
