import type { Session } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { GENERATED_ID, number, visitsTo } from '../../fixtures/visits-to-a-store.js';

/** A client's own id that no session has when this invocation looks, while another invocation begins a session with it. */
describeEveryStore(({ open, returnsFoundRows }) => {
  const testFound = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;
  const { visit, rowOf, expectMoved } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

  const begunByOther = () => visit('id', (other) => other.set({ theirs: 1 }));

  /** Another invocation begins the session and moves it to another id, which its own client gets. */
  async function begunAndMovedByOther(): Promise<string> {
    await begunByOther();
    return (await visit('id', (other) => other.regenerate()))!;
  }

  testFound('the session that is there is saved to, and the client receives its id', async () => {
    const sent = await visit('id', async (current) => {
      await begunByOther();
      current.set({ mine: 1 });
    });

    expect(sent).toBe('id');
    expect((await rowOf('id'))?.value).toEqual({ M: { theirs: number(1), mine: number(1) } });
  });

  testFound('so it is when nothing is set', async () => {
    expect(await visit('id', begunByOther)).toBe('id');
    expect((await rowOf('id'))?.value).toEqual({ M: { theirs: number(1) } });
  });

  const ways: [string, (current: Session<any>) => unknown][] = [
    ['a set', (current) => current.set({ mine: 1 })],
    ['update(fn)', (current) => current.update((data) => ({ ...data, mine: 1 }))],
  ];
  for (const [way, change] of ways) {
    testRegeneration(`of which the session has moved: ${way} begins another session under a fresh id`, async () => {
      let theirId!: string;
      const sent = (await visit('id', async (current) => {
        theirId = await begunAndMovedByOther();
        await change(current);
      }))!;

      expect(sent).toMatch(GENERATED_ID);
      expect(sent).not.toBe(theirId);
      expect((await rowOf(sent))?.value).toEqual({ M: { mine: number(1) } });
      expect((await rowOf(theirId))?.value).toEqual({ M: { theirs: number(1) } });
      await expectMoved('id', theirId);
    });
  }

  testRegeneration('of which the session has moved: nothing set begins no session, and no id is sent', async () => {
    let theirId!: string;
    const sent = await visit('id', async () => { theirId = await begunAndMovedByOther(); });

    expect(sent).toBeUndefined();
    expect(store.calls.filter((call) => call === 'create')).toHaveLength(2); // theirs, and the attempt that found it moved
    await expectMoved('id', theirId);
  });
});
