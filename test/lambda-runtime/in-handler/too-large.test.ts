import { SessionDataTooLargeError } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { visitsTo } from '../../fixtures/visits-to-a-store.js';
import type { Handler } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf, givenRow } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

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

    test('takes no change under a new id that does not fit there either', async () => {
      const row = await givenRow({}, { value: { M: { large: { S: LARGE } } } });
      const regenerating = visit('id', (current) => {
        current.data.added = LARGE;
        current.regenerate();
      });

      await expect(regenerating).rejects.toThrow(SessionDataTooLargeError);
      expect(store.calls).not.toContain('regenerate');
      expect(await rowOf('id')).toEqual(row);
    });
  });
});
