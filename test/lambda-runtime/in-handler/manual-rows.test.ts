import { SessionConflictError } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionRow } from '../../../lambda-runtime/src/index.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { READ, nowInSeconds, number, visitsTo } from '../../fixtures/visits-to-a-store.js';

describeEveryStore(({ open, returnsFoundRows }) => {
  const testFound = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  let store: RecordingStore;
  const { visit, rowOf } = visitsTo(() => store);

  beforeEach(async () => { store = recording(await open()); });

  describe('a row that was added manually', () => {
    const LIMITED: SessionOptions = { ttl: 900, absoluteTimeout: 3600 };
    const addRow = (attributes: Partial<SessionRow>) => store.create({ row: { key: { S: 'id' }, value: { M: { name: { S: 'Ada' } } }, ...attributes } }, READ);
    const seconds = (offset: number) => Math.floor(nowInSeconds()) + offset;

    test.each<[string, () => Partial<SessionRow>, boolean]>([
      ['nothing but data', () => ({}), true],
      ['an expiry ahead', () => ({ ttl: number(seconds(500)) }), true],
      ['an expiry in milliseconds ahead', () => ({ ttl: number(seconds(500) * 1000) }), true],
      ['an expiry in milliseconds that has passed', () => ({ ttl: number(seconds(-5) * 1000) }), false],
      ['an expiry in microseconds ahead', () => ({ ttl: number(seconds(500) * 1e6) }), true],
      ['an expiry in microseconds that has passed', () => ({ ttl: number(seconds(-5) * 1e6) }), false],
      ['an expiry in nanoseconds ahead', () => ({ ttl: { N: `${seconds(500)}000000001` } }), true],
      ['an expiry in nanoseconds that has passed', () => ({ ttl: { N: `${seconds(-5)}999999999` } }), false],
      ['an expiry in the far future', () => ({ ttl: { N: '1e30' } }), true],
      ['an expiry that is text', () => ({ ttl: { S: String(seconds(500)) } }), false],
      ['an expiry that is NULL', () => ({ ttl: { NULL: true } }), false],
      ['a creation time in milliseconds', () => ({ created_at: number(seconds(-1000) * 1000) }), true],
      ['a creation time in milliseconds too long ago', () => ({ created_at: number(seconds(-4000) * 1000) }), false],
      ['a creation time in microseconds', () => ({ created_at: number(seconds(-1000) * 1e6) }), true],
      ['a creation time in microseconds too long ago', () => ({ created_at: number(seconds(-4000) * 1e6) }), false],
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
});
