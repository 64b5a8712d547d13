import { encode } from '../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { numberAttribute } from '../../../lambda-runtime/src/stores/session-row.js';
import type { Change, SessionRow, SessionStore } from '../../../lambda-runtime/src/stores/store.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';

const LIMITS = { timeLimitMs: 10_000 };
const READ = { ...LIMITS, consistentRead: true };

/** All times are far in the future: what has expired DynamoDB Local deletes, as DynamoDB does. */
function row(overrides: Partial<SessionRow> = {}): SessionRow {
  return {
    key: { S: 'the-id' },
    value: encode({ name: 'Ada', visits: 1 }),
    created_at: numberAttribute(4000000000.125),
    access_counter: numberAttribute(1),
    ttl: numberAttribute(4000000900),
    ...overrides,
  };
}

describeEveryStore(({ open, returnsFoundRows }) => {
  const testFound = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  let store: SessionStore;

  beforeEach(async () => { store = await open(); });

  async function given(...rows: SessionRow[]): Promise<void> {
    for (const each of rows) {
      expect(await store.create({ row: each }, LIMITS)).toEqual({ written: true });
    }
  }

  const stored = (key = 'the-id') => store.get(key, READ);
  const save = (change: Omit<Change, 'now'>) => store.save({ now: 4000000100, ...change }, LIMITS);

  test('has no row of an id that it never saw', async () => {
    expect(await stored('unknown')).toBeUndefined();
  });

  test('returns a row as it was created', async () => {
    await given(row());

    expect(await stored()).toEqual(row());
  });

  test('keeps rows apart by their key', async () => {
    await given(row(), row({ key: { S: 'THE-ID' }, value: encode('other') }));

    expect((await stored())?.value).toEqual(row().value);
    expect((await stored('THE-ID'))?.value).toEqual(encode('other'));
  });

  test('keeps a row whose key is the name of a built-in property', async () => {
    await given(row({ key: { S: '__proto__' } }), row({ key: { S: 'constructor' } }));

    expect(await stored('__proto__')).toEqual(row({ key: { S: '__proto__' } }));
    expect(await stored('toString')).toBeUndefined();
  });

  describe('create', () => {
    test('does not overwrite a row', async () => {
      await given(row());

      expect(await store.create({ row: row({ value: encode('new') }) }, LIMITS)).toMatchObject({ written: false });
      expect(await stored()).toEqual(row());
    });

    testFound('tells the row that is in the way', async () => {
      await given(row());

      expect(await store.create({ row: row({ value: encode('new') }) }, LIMITS)).toMatchObject({ written: false, found: row() });
    });

    test('replaces exactly the row that it may replace', async () => {
      await given(row());

      const successor = row({ value: encode('new'), created_at: numberAttribute(4000001000) });
      expect(await store.create({ row: successor, replaces: row() }, LIMITS)).toEqual({ written: true });
      expect(await stored()).toEqual(successor);
    });

    test('replaces nothing if the row to replace has gone by now', async () => {
      expect(await store.create({ row: row(), replaces: row() }, LIMITS)).toEqual({ written: true });
    });

    test.each<[string, Partial<SessionRow>]>([
      ['made anew', { created_at: numberAttribute(4000000001) }],
      ['saved', { access_counter: numberAttribute(2) }],
      ['renewed', { ttl: numberAttribute(4000009999) }],
    ])('does not replace a row that was %s meanwhile', async (_, difference) => {
      await given(row(difference));

      expect(await store.create({ row: row({ value: encode('new') }), replaces: row() }, LIMITS)).toMatchObject({ written: false });
      expect(await stored()).toEqual(row(difference));
    });
  });

  describe('save', () => {
    test('writes the value, counts the access and renews the expiry', async () => {
      await given(row());

      expect(await save({ from: row(), condition: 'any-value', value: encode([1, 2]), expiresAt: 4000001000 })).toEqual({ written: true });
      expect(await stored()).toEqual(row({ value: encode([1, 2]), access_counter: numberAttribute(2), ttl: numberAttribute(4000001000) }));
    });

    test('leaves the expiry where none is given', async () => {
      await given(row());
      await save({ from: row(), condition: 'any-value', value: encode(1) });

      expect((await stored())?.ttl).toEqual(row().ttl);
    });

    test('leaves attributes alone that it does not know', async () => {
      await given(row({ owner: { S: 'somebody else' } }));
      await save({ from: row(), condition: 'any-value', value: encode(1) });

      expect((await stored())?.owner).toEqual({ S: 'somebody else' });
    });

    test('sets and removes single fields and leaves the others alone', async () => {
      await given(row({ value: encode({ name: 'Ada', visits: 1, basket: ['tea'] }) }));

      const fields = { set: { visits: { N: '2' }, size: encode('XL') }, remove: ['basket', 'never there'] };
      expect(await save({ from: row(), condition: 'map', fields })).toEqual({ written: true });
      expect((await stored())?.value).toEqual(encode({ name: 'Ada', visits: 2, size: 'XL' }));
    });

    test('writes fields of any name', async () => {
      const names = ['a.b', 'c d', '#x', ':y', 'value', '[0]', '__proto__', 'ü', '1'];
      await given(row());

      const set = Object.fromEntries(names.map((name) => [name, encode(name)]));
      expect(await save({ from: row(), condition: 'map', fields: { set, remove: ['name'] } })).toEqual({ written: true });
      expect(Object.keys((await stored())!.value!.M!).sort()).toEqual([...names, 'visits'].sort());
    });

    test('does not bring back a row that was destroyed', async () => {
      expect(await save({ from: row(), condition: 'any-value', value: encode(1) })).toMatchObject({ written: false, found: undefined });
      expect(await stored()).toBeUndefined();
    });

    test('does not write into another life of the session', async () => {
      await given(row({ created_at: numberAttribute(4000005000) }));

      expect(await save({ from: row(), condition: 'any-value', value: encode(1) })).toMatchObject({ written: false });
      expect((await stored())?.value).toEqual(row().value);
    });

    test.each<[string, Pick<Change, 'condition'> & Partial<Change>, Partial<SessionRow>]>([
      ['a first value where there is one', { condition: 'no-value', value: encode('late') }, {}],
      ['fields into what is not a map', { condition: 'map', fields: { set: { a: encode(1) }, remove: [] } }, { value: encode('text') }],
      ['fields where there is no value', { condition: 'map', fields: { set: { a: encode(1) }, remove: [] } }, { value: { NULL: true } }],
      ['over another version', { condition: 'same-version', value: encode('late') }, { access_counter: numberAttribute(2) }],
    ])('does not write %s', async (_, change, difference) => {
      await given(row(difference));

      expect(await save({ from: row(), ...change })).toMatchObject({ written: false });
      expect(await stored()).toEqual(row(difference));
    });

    testFound('tells the row on which it failed', async () => {
      await given(row({ access_counter: numberAttribute(2) }));

      expect(await save({ from: row(), condition: 'same-version', value: encode(1) }))
        .toMatchObject({ written: false, found: row({ access_counter: numberAttribute(2) }) });
    });

    test.each<[string, SessionRow]>([
      ['NULL', row({ value: { NULL: true } })],
      ['no value at all', { key: { S: 'the-id' }, created_at: numberAttribute(4000000000.125) }],
    ])('writes a first value where there is %s', async (_, empty) => {
      await given(empty);

      expect(await save({ from: empty, condition: 'no-value', value: encode('first') })).toEqual({ written: true });
      expect((await stored())?.value).toEqual(encode('first'));
    });

    test('completes a row that was made by hand', async () => {
      const byHand: SessionRow = { key: { S: 'the-id' } };
      await given(byHand);

      expect(await save({ from: byHand, condition: 'same-version', value: encode(1), expiresAt: 4000000200 })).toEqual({ written: true });
      expect(await stored()).toEqual({
        key: { S: 'the-id' },
        value: encode(1),
        created_at: numberAttribute(4000000100),
        access_counter: numberAttribute(1),
        ttl: numberAttribute(4000000200),
      });
    });
  });

  describe('the write log', () => {
    test('is written where one is given, also over an older one', async () => {
      await given(row({ write_log: { S: 'older' } }));
      await save({ from: row(), condition: 'same-version', value: encode(1), writeLog: 'newer' });

      expect((await stored())?.write_log).toEqual({ S: 'newer' });
    });

    test('stays where none is given', async () => {
      await given(row({ write_log: { S: 'older' } }));
      await save({ from: row(), condition: 'any-value', value: encode(1) });

      expect((await stored())?.write_log).toEqual({ S: 'older' });
    });
  });

  describe('touch', () => {
    const touch = (from: SessionRow, now = 4000000100) => store.touch({ from, expiresAt: 4000001000, now }, LIMITS);

    test('renews the expiry and nothing else', async () => {
      await given(row());

      expect(await touch(row())).toEqual({ written: true });
      expect(await stored()).toEqual(row({ ttl: numberAttribute(4000001000) }));
    });

    test('gives an expiry to a row that has none', async () => {
      const { ttl: _, ...withoutExpiry } = row();
      await given(withoutExpiry);

      expect(await touch(withoutExpiry)).toEqual({ written: true });
      expect(await stored()).toEqual(row({ ttl: numberAttribute(4000001000) }));
    });

    test('does not bring back a row that was destroyed', async () => {
      expect(await touch(row())).toMatchObject({ written: false, found: undefined });
      expect(await stored()).toBeUndefined();
    });

    test.each<[string, Partial<SessionRow>]>([
      ['has expired', { ttl: numberAttribute(4000000100) }],
      ['lives another life', { created_at: numberAttribute(4000000001) }],
    ])('does not renew a row that %s', async (_, difference) => {
      await given(row(difference));

      expect(await touch(row())).toMatchObject({ written: false });
      expect(await stored()).toEqual(row(difference));
    });
  });

  describe('regenerate', () => {
    const testTransaction = testWhere(returnsFoundRows, 'dynalite has no transactions');
    const successor = row({ key: { S: 'new-id' }, value: encode('new'), access_counter: numberAttribute(2) });
    const regenerate = (from = row()) => store.regenerate({ from, row: successor }, LIMITS);

    testTransaction('puts the row under its new key and deletes the old one', async () => {
      await given(row());

      expect(await regenerate()).toEqual({ written: true });
      expect(await stored()).toBeUndefined();
      expect(await stored('new-id')).toEqual(successor);
    });

    testTransaction('works on a row that was made by hand', async () => {
      const byHand: SessionRow = { key: { S: 'the-id' } };
      await given(byHand);

      expect(await regenerate(byHand)).toEqual({ written: true });
      expect(await stored()).toBeUndefined();
    });

    testTransaction('does not bring back a row that was destroyed', async () => {
      expect(await regenerate()).toMatchObject({ written: false, found: undefined });
      expect(await stored('new-id')).toBeUndefined();
    });

    for (const [difference, what] of [
      [{ access_counter: numberAttribute(2) }, 'was saved meanwhile'],
      [{ created_at: numberAttribute(4000000001) }, 'lives another life'],
    ] as const) {
      testTransaction(`does nothing to a row that ${what}, and tells it`, async () => {
        await given(row(difference));

        expect(await regenerate()).toMatchObject({ written: false, found: row(difference) });
        expect(await stored()).toEqual(row(difference));
        expect(await stored('new-id')).toBeUndefined();
      });
    }

    testTransaction('minds no renewal of the expiry', async () => {
      await given(row({ ttl: numberAttribute(4000009999) }));

      expect(await regenerate()).toEqual({ written: true });
    });

    testTransaction('of 10 at once exactly one is applied', async () => {
      await given(row());
      const results = await Promise.all(Array.from({ length: 10 }, (_, i) =>
        store.regenerate({ from: row(), row: row({ key: { S: `new-id-${i}` } }) }, LIMITS)));

      expect(results.filter(({ written }) => written)).toHaveLength(1);
      expect(await Promise.all(Array.from({ length: 10 }, (_, i) => stored(`new-id-${i}`)))).toEqual(
        results.map(({ written }, i) => written ? row({ key: { S: `new-id-${i}` } }) : undefined));
    });
  });

  describe('destroy', () => {
    test('deletes the row and no other', async () => {
      await given(row(), row({ key: { S: 'other' } }));
      await store.destroy('the-id', LIMITS);

      expect(await stored()).toBeUndefined();
      expect(await stored('other')).toBeDefined();
    });

    test('is content where there is no row', async () => {
      await expect(store.destroy('unknown', LIMITS)).resolves.toBeUndefined();
    });
  });

  test('hands out copies: what a reader does to its row changes nothing here', async () => {
    await given(row());
    const loaded = (await stored())!;
    delete (loaded.value!.M as Record<string, unknown>).name;

    expect(await stored()).toEqual(row());
  });

  test('takes copies: what a writer does later to what it wrote changes nothing here', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const created = row({ value: { M: { list: { L: [{ S: 'a' }] } } } });
    await given(created);
    const fields = { set: { bytes: { B: bytes } }, remove: [] };
    await save({ from: created, condition: 'map', fields });
    (created.value!.M!.list.L as unknown[]).push({ S: 'b' });
    bytes[0] = 9;

    expect((await stored())?.value).toEqual({ M: { list: { L: [{ S: 'a' }] }, bytes: { B: new Uint8Array([1, 2, 3]) } } });
  });

  test('of 20 saves of single fields at once none is lost', async () => {
    await given(row({ value: encode({}) }));
    await Promise.all(Array.from({ length: 20 }, (_, i) =>
      save({ from: row(), condition: 'map', fields: { set: { [`field${i}`]: encode(i) }, remove: [] } })));

    expect(Object.keys((await stored())!.value!.M!)).toHaveLength(20);
    expect((await stored())?.access_counter).toEqual(numberAttribute(21));
  });

  test('of 10 creations of one key at once exactly one is applied', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, (_, i) => store.create({ row: row({ value: encode(i) }) }, LIMITS)));

    expect(results.filter(({ written }) => written)).toHaveLength(1);
  });
});
