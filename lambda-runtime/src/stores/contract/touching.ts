import type { ContractTest } from './contract-test.js';
import { ADOPTED, BARE_ROW, FORWARDING_ROW, NOW, number, sampleRow, text } from './sample-row.js';
import { LIMITS } from './store-under-test.js';
import type { StoreUnderTest } from './store-under-test.js';
import type { SessionRow } from '../session-row.js';
import type { WriteResult } from '../writes.js';

const OTHERS: readonly (readonly [string, Partial<SessionRow>])[] = [
  ['has expired', { ttl: number(NOW) }],
  ['has an expiry that is not a number', { ttl: text('4000000900') }],
  ['was deleted and created again', { created_at: number(4000000001) }],
];

export const TOUCHING: readonly ContractTest[] = [
  {
    title: 'touch: renews the expiry and nothing else',
    async run(store) {
      await store.given(sampleRow());
      store.expectWritten(await touch(store, sampleRow()));
      await store.expectStored(sampleRow({ ttl: number(4000001000) }));
    },
  },
  {
    title: 'touch: gives an expiry to a row that has none',
    async run(store) {
      const { ttl: _, ...withoutExpiry } = sampleRow();
      await store.given(withoutExpiry as SessionRow);
      store.expectWritten(await touch(store, withoutExpiry as SessionRow));
      await store.expectStored(sampleRow({ ttl: number(4000001000) }));
    },
  },
  {
    title: 'touch: removes the expiry of a row that must never expire',
    async run(store) {
      await store.given(sampleRow());
      store.expectWritten(await store.store.touch({ from: sampleRow(), expiresAt: 'never', now: NOW }, LIMITS));
      const { ttl: _, ...withoutExpiry } = sampleRow();
      await store.expectStored(withoutExpiry as SessionRow);
    },
  },
  {
    title: 'touch: adds the creation time to a row that has none, and renews a row to which another write has added it',
    async run(store) {
      const completed = { ...BARE_ROW, ...ADOPTED, ttl: number(4000001000) };
      await store.given(BARE_ROW);
      store.expectWritten(await touch(store, BARE_ROW));
      await store.expectStored(completed);
      store.expectWritten(await store.store.touch({ from: BARE_ROW, expiresAt: 4000002000, now: NOW + 1 }, LIMITS));
      await store.expectStored({ ...completed, ttl: number(4000002000) });
    },
  },
  {
    title: 'touch: does not renew a forwarding row',
    async run(store) {
      await store.given(FORWARDING_ROW);
      store.expectRefused(await touch(store, sampleRow()));
      store.expectRefused(await touch(store, BARE_ROW));
      await store.expectStored(FORWARDING_ROW);
    },
  },
  {
    title: 'touch: does not bring back a row that was destroyed',
    async run(store) {
      store.expectRefusedWith(await touch(store, sampleRow()), undefined);
      await store.expectNothingStored();
    },
  },
  ...OTHERS.map(([what, difference]): ContractTest => ({
    title: `touch: does not renew a row that ${what}`,
    async run(store) {
      await store.given(sampleRow(difference));
      store.expectRefused(await touch(store, sampleRow()));
      await store.expectStored(sampleRow(difference));
    },
  })),
];

function touch({ store }: StoreUnderTest, from: SessionRow): Promise<WriteResult> {
  return store.touch({ from, expiresAt: 4000001000, now: NOW }, LIMITS);
}
