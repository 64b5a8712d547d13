import type { ContractTest } from './contract-test.js';
import { number, sampleRow, text } from './sample-row.js';
import { LIMITS } from './store-under-test.js';
import type { SessionRow } from '../session-row.js';

const OTHERS: readonly (readonly [string, Partial<SessionRow>])[] = [
  ['deleted and created again', { created_at: number(4000000001) }],
  ['saved', { access_counter: number(2) }],
  ['renewed', { ttl: number(4000009999) }],
];

export const CREATING: readonly ContractTest[] = [
  {
    title: 'create: does not overwrite a row',
    async run(store) {
      await store.given(sampleRow());
      store.expectRefused(await store.store.create({ row: sampleRow({ value: text('new') }) }, LIMITS));
      await store.expectStored(sampleRow());
    },
  },
  {
    title: 'create: returns the existing row',
    needs: ['found-rows'],
    async run(store) {
      await store.given(sampleRow());
      store.expectRefusedWith(await store.store.create({ row: sampleRow({ value: text('new') }) }, LIMITS), sampleRow());
    },
  },
  {
    title: 'create: replaces exactly the row that it may replace',
    async run(store) {
      await store.given(sampleRow());
      const successor = sampleRow({ value: text('new'), created_at: number(4000001000) });
      store.expectWritten(await store.store.create({ row: successor, replaces: sampleRow() }, LIMITS));
      await store.expectStored(successor);
    },
  },
  {
    title: 'create: writes the row if the one to replace no longer exists',
    async run(store) {
      store.expectWritten(await store.store.create({ row: sampleRow(), replaces: sampleRow() }, LIMITS));
      await store.expectStored(sampleRow());
    },
  },
  ...OTHERS.map(([what, difference]): ContractTest => ({
    title: `create: does not replace a row that was ${what} in the meantime`,
    async run(store) {
      await store.given(sampleRow(difference));
      store.expectRefused(await store.store.create({ row: sampleRow({ value: text('new') }), replaces: sampleRow() }, LIMITS));
      await store.expectStored(sampleRow(difference));
    },
  })),
  {
    title: 'create: applies exactly one of 10 concurrent creations of one key',
    async run(store) {
      const results = await Promise.all(Array.from({ length: 10 }, (_, index) =>
        store.store.create({ row: sampleRow({ value: number(index) }) }, LIMITS)));
      store.expectCount(results.filter(({ written }) => written).length, 1, 'exactly one creation must be applied');
      await store.expectStored(sampleRow({ value: number(results.findIndex(({ written }) => written)) }));
    },
  },
];
