import type { ContractTest } from './contract-test.js';
import { number, sampleRow, text } from './sample-row.js';

export const SAVING_FIELDS: readonly ContractTest[] = [
  {
    title: 'save: sets and removes single fields and leaves the others alone',
    async run(store) {
      const value = { M: { name: text('Ada'), visits: number(1), basket: { L: [text('tea')] } } };
      await store.given(sampleRow({ value }));
      const fields = { set: { visits: number(2), size: text('XL') }, remove: ['basket', 'never there'] };
      store.expectWritten(await store.save({ from: sampleRow({ value }), condition: 'map', fields }));
      await store.expectStored(sampleRow({ value: { M: { name: text('Ada'), visits: number(2), size: text('XL') } }, access_counter: number(2) }));
    },
  },
  {
    title: 'save: writes fields of any name',
    async run(store) {
      const names = ['a.b', 'c d', '#x', ':y', 'value', '[0]', '__proto__', 'ü', '1'];
      const set = Object.fromEntries(names.map((name) => [name, text(name)]));
      await store.given(sampleRow());
      store.expectWritten(await store.save({ from: sampleRow(), condition: 'map', fields: { set, remove: ['name'] } }));
      // fromEntries, as a literal's spread would lose an own `__proto__`
      const fields = Object.fromEntries([...Object.entries(set), ['visits', number(1)]]);
      await store.expectStored(sampleRow({ value: { M: fields }, access_counter: number(2) }));
    },
  },
  {
    title: 'save: loses none of 20 concurrent saves of single fields',
    async run(store) {
      const empty = sampleRow({ value: { M: {} } });
      await store.given(empty);
      await Promise.all(Array.from({ length: 20 }, (_, index) =>
        store.save({ from: empty, condition: 'map', fields: { set: { [`field${index}`]: number(index) }, remove: [] } })));
      const fields = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field${index}`, number(index)]));
      await store.expectStored(sampleRow({ value: { M: fields }, access_counter: number(21) }));
    },
  },
  {
    title: 'save: takes a copy, so changing what was saved does not change what is stored',
    async run(store) {
      const bytes = new Uint8Array([1, 2, 3]);
      const list = [text('a')];
      const created = sampleRow({ value: { M: { list: { L: list } } } });
      await store.given(created);
      store.expectWritten(await store.save({ from: created, condition: 'map', fields: { set: { bytes: { B: bytes } }, remove: [] } }));
      list.push(text('b'));
      bytes[0] = 9;
      const value = { M: { list: { L: [text('a')] }, bytes: { B: new Uint8Array([1, 2, 3]) } } };
      await store.expectStored(sampleRow({ value, access_counter: number(2) }));
    },
  },
];
