import type { ContractTest } from './contract-test.js';
import { BARE_ROW, FORWARDING_ROW, NOW, number, sampleRow, text } from './sample-row.js';
import { LIMITS } from './store-under-test.js';
import type { StoreUnderTest } from './store-under-test.js';
import type { SessionRow } from '../session-row.js';
import type { WriteResult } from '../writes.js';

const SUCCESSOR = sampleRow({ key: text('new-id'), value: text('new'), access_counter: number(2) });

const OTHERS: readonly (readonly [string, Partial<SessionRow>])[] = [
  ['was saved in the meantime', { access_counter: number(2) }],
  ['was deleted and created again', { created_at: number(4000000001) }],
  ['has expired', { ttl: number(NOW) }],
];

const TESTS: readonly ContractTest[] = [
  {
    title: 'regenerate: puts the row under its new key and the forwarding row under the old one',
    async run(store) {
      await store.given(sampleRow());
      store.expectWritten(await regenerate(store, sampleRow()));
      await store.expectStored(FORWARDING_ROW);
      await store.expectStored(SUCCESSOR);
    },
  },
  {
    title: 'regenerate: works on a row that was added manually',
    async run(store) {
      await store.given(BARE_ROW);
      store.expectWritten(await regenerate(store, BARE_ROW));
      await store.expectStored(FORWARDING_ROW);
      await store.expectStored(SUCCESSOR);
    },
  },
  {
    title: 'regenerate: does not bring back a row that was destroyed',
    async run(store) {
      store.expectRefusedWith(await regenerate(store, sampleRow()), undefined);
      await store.expectNothingStored('new-id');
    },
  },
  ...OTHERS.map(([what, difference]): ContractTest => ({
    title: `regenerate: does not move a row that ${what}, and returns it`,
    async run(store) {
      await store.given(sampleRow(difference));
      store.expectRefusedWith(await regenerate(store, sampleRow()), sampleRow(difference));
      await store.expectStored(sampleRow(difference));
      await store.expectNothingStored('new-id');
    },
  })),
  {
    title: 'regenerate: does not move a session that has moved already, and returns the forwarding row',
    async run(store) {
      await store.given(FORWARDING_ROW);
      for (const from of [sampleRow(), BARE_ROW]) {
        store.expectRefusedWith(await regenerate(store, from, sampleRow({ key: text('other-id') })), FORWARDING_ROW);
      }
      await store.expectNothingStored('other-id');
    },
  },
  {
    title: 'regenerate: moves a row whose expiry was renewed in the meantime',
    async run(store) {
      await store.given(sampleRow({ ttl: number(4000009999) }));
      store.expectWritten(await regenerate(store, sampleRow()));
      await store.expectStored(SUCCESSOR);
    },
  },
  {
    title: 'regenerate: applies exactly one of 10 concurrent calls',
    async run(store) {
      await store.given(sampleRow());
      const rows = Array.from({ length: 10 }, (_, index) => sampleRow({ key: text(`new-id-${index}`) }));
      const results = await Promise.all(rows.map((row) => regenerate(store, sampleRow(), row)));
      store.expectCount(results.filter(({ written }) => written).length, 1, 'exactly one call must be applied');
      for (const [index, row] of rows.entries()) {
        store.expectSameRow(await store.stored(row.key.S), results[index].written ? row : undefined);
      }
    },
  },
];

export const REGENERATING: readonly ContractTest[] = TESTS.map((test) => ({ ...test, needs: ['regenerate'] }));

function regenerate({ store }: StoreUnderTest, from: SessionRow, row = SUCCESSOR): Promise<WriteResult> {
  return store.regenerate({ from, row, forwardingRow: { ...FORWARDING_ROW, moved_to: row.key }, now: NOW }, LIMITS);
}
