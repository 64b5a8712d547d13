import type { ContractTest } from './contract-test.js';
import { FORWARDING_ROW, sampleRow, text } from './sample-row.js';
import { LIMITS } from './store-under-test.js';

export const READING: readonly ContractTest[] = [
  {
    title: 'get: returns nothing for an unknown id',
    async run(store) {
      await store.expectNothingStored('unknown');
    },
  },
  {
    title: 'get: returns a row as it was created',
    async run(store) {
      await store.given(sampleRow());
      await store.expectStored(sampleRow());
    },
  },
  {
    title: 'get: keeps data of every type',
    async run(store) {
      const value = {
        M: {
          'text': text('Grüße'),
          'empty': text(''),
          'number': { N: '1.5' },
          'big': { N: '12345678901234567890' },
          'yes': { BOOL: true },
          'nothing': { NULL: true },
          'bytes': { B: new Uint8Array([0, 255]) },
          'list': { L: [{ N: '1' }, { M: {} }] },
          'a.b': { M: { c: text('d') } },
          'names': { SS: ['a', 'b'] },
          'numbers': { NS: ['1', '2.5'] },
          'blobs': { BS: [new Uint8Array([1])] },
        },
      };
      await store.given(sampleRow({ value }));
      await store.expectStored(sampleRow({ value }));
    },
  },
  {
    title: 'get: keeps rows apart by their key',
    async run(store) {
      await store.given(sampleRow(), sampleRow({ key: text('THE-ID'), value: text('other') }));
      await store.expectStored(sampleRow());
      await store.expectStored(sampleRow({ key: text('THE-ID'), value: text('other') }));
    },
  },
  {
    title: 'get: keeps a row whose key is the name of a built-in property',
    async run(store) {
      await store.given(sampleRow({ key: text('__proto__') }), sampleRow({ key: text('constructor') }));
      await store.expectStored(sampleRow({ key: text('__proto__') }));
      await store.expectNothingStored('toString');
    },
  },
  {
    title: 'get: returns a copy, so changing it does not change what is stored',
    async run(store) {
      await store.given(sampleRow());
      const loaded = await store.stored();
      delete (loaded!.value!.M as Record<string, unknown>).name;
      await store.expectStored(sampleRow());
    },
  },
  {
    title: 'destroy: deletes the row and no other, and returns it',
    async run(store) {
      await store.given(sampleRow(), sampleRow({ key: text('other') }));
      store.expectSameRow(await store.store.destroy('the-id', LIMITS), sampleRow());
      await store.expectNothingStored();
      await store.expectStored(sampleRow({ key: text('other') }));
    },
  },
  {
    title: 'destroy: returns a forwarding row, and leaves it alone if asked to',
    async run(store) {
      await store.given(FORWARDING_ROW, sampleRow({ key: text('other') }));
      store.expectSameRow(await store.store.destroy('other', { ...LIMITS, keepsForwardingRow: true }), sampleRow({ key: text('other') }));
      await store.expectNothingStored('other');
      const kept = await store.store.destroy('the-id', { ...LIMITS, keepsForwardingRow: true });
      await store.expectStored(FORWARDING_ROW);
      store.expectSameRow(await store.store.destroy('the-id', LIMITS), FORWARDING_ROW);
      await store.expectNothingStored();
      store.expectSameRow(kept, FORWARDING_ROW);
    },
    needs: ['found-rows'],
  },
  {
    title: 'destroy: does nothing if there is no row',
    async run(store) {
      store.expectSameRow(await store.store.destroy('unknown', LIMITS), undefined);
      await store.expectNothingStored('unknown');
    },
  },
];
