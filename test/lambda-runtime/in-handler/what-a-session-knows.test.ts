import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describeEveryStore } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { READ, visitsTo } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open }) => {
  let store: RecordingStore;
  const { visit, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

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
});
