import { createHash } from 'node:crypto';
import { cookieTransport, currentSession, keptSessions, session } from '../../../lambda-runtime/src/index.js';
import type { SessionRow } from '../../../lambda-runtime/src/index.js';
import { httpApiV2Event } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { GENERATED_ID, READ, number, visitsTo } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

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

    test('a session that another application keeps on the table is opened by its id here too', async () => {
      await keptSessions('another application', { store, ttl: 900 }).begin('its-id').save({ role: 'admin' }, 0);

      await visit('its-id', (current) => expect(current).toMatchObject({ isNew: false, data: { role: 'admin' } }));
    });

    test.each([[['id', 'the-key']], [['the-key', 'id']]])('is not deleted by a logout that finds its key beside the id of a session: %j', async (ids) => {
      const foreign = { key: { S: 'the-key' }, owner: { S: 'somebody' } };
      await store.create({ row: foreign }, READ);
      await store.create({ row: { key: { S: 'id' }, value: { S: 'mine' }, created_at: number(1700000000) } }, READ);
      const logout = session(async () => {
        expect(currentSession().data).toBe('mine');
        await currentSession().destroy();
        return { statusCode: 200 };
      }, { store, transport: cookieTransport() });
      await logout(httpApiV2Event({}, ids.map((id) => `__Host-session=${id}`)));

      expect(await rowOf('id')).toBeUndefined();
      expect(await rowOf('the-key')).toEqual(foreign);
    });

    testRegeneration('a session with a hashed key that was not marked, by an earlier version, is marked when it gets a new id', async () => {
      await store.create({ row: { key: { S: sha256('id') }, value: { S: 'secret' }, created_at: number(1700000000), access_counter: number(1) } }, READ);
      const newId = (await visit('id', (current) => {
        expect(current.data).toBe('secret');
        current.regenerate();
      }, { hashIds: true }))!;

      await visit(sha256(newId), (current) => expect(current.data).toBeNull());
      await visit(newId, (current) => expect(current.data).toBe('secret'), { hashIds: true });
    });

    test.each<[string, unknown]>([
      ['the row of a WebSocket link', '\u0001ws:link'],
      ['nothing', ''],
      ['what no table takes as a key', 'x'.repeat(2049)],
      ['no text', { S: 'the-key' }],
    ])('nor is it opened by a framework, whose client can present any id in an unsigned cookie: %s', async (_, id) => {
      const secret: SessionRow = { key: { S: '\u0001ws:link' }, value: { S: 'secret' }, created_at: number(1700000000) };
      await store.create({ row: secret }, READ);
      const sessions = keptSessions('a framework', { store, ttl: 900 });

      expect(await sessions.load(id as string)).toBeUndefined();
      await sessions.destroy(id as string);
      expect(await rowOf('\u0001ws:link')).toEqual(secret);
    });

    test('a framework that makes ids with which no session is found learns it when it saves', async () => {
      const begun = keptSessions('a framework', { store, ttl: 900 }).begin('with space');

      await expect(begun.save({ a: 1 }, 0)).rejects.toThrow('1 to 2048 visible ASCII characters');
      expect(store.calls).toEqual([]);
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
});
