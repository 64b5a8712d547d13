import type { ContractTest } from './contract-test.js';
import { ADA, ADOPTED, BARE_ROW, CREATED_AT, FORWARDING_ROW, NOW, number, sampleRow, text } from './sample-row.js';
import type { SessionRow } from '../session-row.js';
import type { Change } from '../writes.js';

const FIELD_A = { set: { a: number(1) }, remove: [] };

const REFUSED: readonly (readonly [string, Omit<Change, 'now' | 'from'>, Partial<SessionRow>])[] = [
  ['a first value if there is one already', { condition: 'no-value', value: text('late') }, {}],
  ['fields into a value that is not a map', { condition: 'map', fields: FIELD_A }, { value: text('text') }],
  ['fields if there is no value', { condition: 'map', fields: FIELD_A }, { value: { NULL: true } }],
  ['over another version', { condition: 'same-version', value: text('late') }, { access_counter: number(2) }],
  ['into another life of the session', { condition: 'any-value', value: text('late') }, { created_at: number(4000005000) }],
  ['into a session that has expired', { condition: 'any-value', value: text('late') }, { ttl: number(NOW) }],
  ['into a session whose expiry is not a number', { condition: 'any-value', value: text('late') }, { ttl: text('4000000900') }],
];

const EMPTY: readonly (readonly [string, SessionRow])[] = [
  ['NULL', sampleRow({ value: { NULL: true } })],
  ['no value at all', { key: text('the-id'), created_at: number(CREATED_AT) }],
];

export const SAVING: readonly ContractTest[] = [
  {
    title: 'save: writes the value, counts the access and renews the expiry',
    async run(store) {
      await store.given(sampleRow());
      const value = { L: [number(1), number(2)] };
      store.expectWritten(await store.save({ from: sampleRow(), condition: 'any-value', value, expiresAt: 4000001000 }));
      await store.expectStored(sampleRow({ value, access_counter: number(2), ttl: number(4000001000) }));
    },
  },
  {
    title: 'save: leaves the expiry alone if it is given none',
    async run(store) {
      await store.given(sampleRow());
      store.expectWritten(await store.save({ from: sampleRow(), condition: 'any-value', value: number(1) }));
      await store.expectStored(sampleRow({ value: number(1), access_counter: number(2) }));
    },
  },
  {
    title: 'save: leaves unknown attributes alone',
    async run(store) {
      await store.given(sampleRow({ owner: text('somebody else') }));
      store.expectWritten(await store.save({ from: sampleRow(), condition: 'any-value', value: number(1) }));
      await store.expectStored(sampleRow({ owner: text('somebody else'), value: number(1), access_counter: number(2) }));
    },
  },
  {
    title: 'save: writes the write log if it is given one, else leaves it alone',
    async run(store) {
      await store.given(sampleRow({ write_log: text('older') }));
      store.expectWritten(await store.save({ from: sampleRow(), condition: 'any-value', value: number(1) }));
      await store.expectStored(sampleRow({ value: number(1), access_counter: number(2), write_log: text('older') }));
      const saved = sampleRow({ access_counter: number(2) });
      store.expectWritten(await store.save({ from: saved, condition: 'same-version', value: number(2), writeLog: 'newer' }));
      await store.expectStored(sampleRow({ value: number(2), access_counter: number(3), write_log: text('newer') }));
    },
  },
  {
    title: 'save: does not bring back a row that was destroyed',
    async run(store) {
      store.expectRefusedWith(await store.save({ from: sampleRow(), condition: 'any-value', value: number(1) }), undefined);
      await store.expectNothingStored();
    },
  },
  ...REFUSED.map(([what, change, difference]): ContractTest => ({
    title: `save: does not write ${what}`,
    async run(store) {
      await store.given(sampleRow(difference));
      store.expectRefused(await store.save({ from: sampleRow(), ...change }));
      await store.expectStored(sampleRow(difference));
    },
  })),
  {
    title: 'save: returns the row on which its condition failed',
    needs: ['found-rows'],
    async run(store) {
      await store.given(sampleRow({ access_counter: number(2) }));
      store.expectRefusedWith(
        await store.save({ from: sampleRow(), condition: 'same-version', value: number(1) }),
        sampleRow({ access_counter: number(2) }),
      );
    },
  },
  ...EMPTY.map(([what, empty]): ContractTest => ({
    title: `save: writes a first value over ${what}`,
    async run(store) {
      await store.given(empty);
      store.expectWritten(await store.save({ from: empty, condition: 'no-value', value: ADA }));
      store.expectSameRow(await store.stored(), { ...empty, value: ADA, access_counter: number(empty.access_counter === undefined ? 1 : 2) });
    },
  })),
  {
    title: 'save: completes a row that was added manually',
    async run(store) {
      await store.given(BARE_ROW);
      store.expectWritten(await store.save({ from: BARE_ROW, condition: 'same-version', value: number(1), expiresAt: 4000000200 }));
      await store.expectStored({ ...BARE_ROW, ...ADOPTED, value: number(1), access_counter: number(1), ttl: number(4000000200) });
    },
  },
  {
    title: 'save: writes to a row that was loaded without a creation time and has been given one by another save',
    async run(store) {
      await store.given(BARE_ROW);
      store.expectWritten(await store.save({ from: BARE_ROW, condition: 'any-value', value: number(1) }));
      store.expectWritten(await store.save({ from: BARE_ROW, condition: 'any-value', value: number(2), now: NOW + 1 }));
      await store.expectStored({ ...BARE_ROW, ...ADOPTED, value: number(2), access_counter: number(2) });
    },
  },
  {
    title: 'save: does not write to a session that was created in place of a row without a creation time',
    async run(store) {
      await store.given(sampleRow());
      store.expectRefused(await store.save({ from: BARE_ROW, condition: 'any-value', value: number(1) }));
      await store.expectStored(sampleRow());
    },
  },
  {
    title: 'save: does not write to a forwarding row, and returns it',
    needs: ['found-rows'],
    async run(store) {
      await store.given(FORWARDING_ROW);
      for (const from of [sampleRow(), BARE_ROW]) {
        store.expectRefusedWith(await store.save({ from, condition: 'any-value', value: number(1) }), FORWARDING_ROW);
      }
      await store.expectStored(FORWARDING_ROW);
    },
  },
  {
    title: 'save: removes the expiry of a row that must never expire',
    async run(store) {
      const { ttl: _, ...withoutExpiry } = sampleRow();
      await store.given(sampleRow());
      const fields = { set: {}, remove: ['visits'] };
      store.expectWritten(await store.save({ from: sampleRow(), condition: 'map', fields, expiresAt: 'never' }));
      await store.expectStored({ ...withoutExpiry, value: { M: { name: text('Ada') } }, access_counter: number(2) } as SessionRow);
    },
  },
];
