import * as v from 'valibot';
import { z } from 'zod';
import type { AttributeValue } from '../../../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { encode } from '../../../lambda-runtime/src/dynamodb/values/attribute-values.js';
import { MemoryStore, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, StandardSchema } from '../../../lambda-runtime/src/index.js';
import { useBundles } from '../../fixtures/bundled.js';
import { bareEvent } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';

/** As the Python package stores a `Decimal`; JavaScript rounds it. */
const PRICE = { N: '0.1234567890123456789012345678' };
const ROUNDED = 0.12345678901234568;

let store = recording(new MemoryStore());
beforeEach(() => { store = recording(new MemoryStore()); });

const newEvent = () => bareEvent({ 'session-id': 'id' });
const invoke = <T>(handler: () => T, options: SessionOptions = {}) => session(handler, { store, update: true, ...options })(newEvent());
const stored = async () => (await store.get('id', { timeLimitMs: 1000, consistentRead: true }))?.value;
async function keep(value: AttributeValue): Promise<void> {
  await store.create({ row: { key: { S: 'id' }, value, created_at: { N: '1700000000' }, access_counter: { N: '1' } } }, { timeLimitMs: 1000 });
  store.calls.length = 0;
}

describe('data that a handler only looks at is not written', () => {
  test.each<[string, AttributeValue]>([
    ['a fraction of 28 digits', PRICE],
    ['one in an object', { M: { price: PRICE } }],
    ['one in a list', { L: [{ M: { price: PRICE } }] }],
    ['a set of fractions that become the same number', { NS: ['0.10000000000000000000000001', '0.1'] }],
    ['a number in another notation', { N: '1E+2' }],
    ['bytes', { B: new Uint8Array([0, 255]) }],
  ])('%s', async (_, value) => {
    await keep(value);
    await invoke(() => { JSON.stringify(getSessionData()); });
    await invoke(() => setSessionData(getSessionData()));

    expect(store.calls).toEqual(['get', 'get']);
    expect(await stored()).toEqual(value);
  });

  test('and a function that may only read sessions may look at it', async () => {
    await keep(PRICE);
    process.env.SESSION_LAMBDA_READ_ONLY = '1';
    try {
      expect(await invoke(() => getSessionData())).toBe(ROUNDED);
    } finally {
      delete process.env.SESSION_LAMBDA_READ_ONLY;
    }
  });
});

describe('what a handler does not touch stays in the row to the last digit', () => {
  test.each<[string, AttributeValue, (data: any) => unknown, AttributeValue]>([
    ['beside a field that is changed', { M: { price: PRICE, n: { N: '1' } } }, (data) => { data.n = 2; }, { M: { price: PRICE, n: { N: '2' } } }],
    ['in the object whose other field is changed', { M: { item: { M: { price: PRICE, n: { N: '1' } } } } },
      (data) => { data.item.n = 2; }, { M: { item: { M: { price: PRICE, n: { N: '2' } } } } }],
    ['in the object whose other field is removed', { M: { item: { M: { price: PRICE, n: { N: '1' } } } } },
      (data) => { delete data.item.n; }, { M: { item: { M: { price: PRICE } } } }],
    ['in a list to which something is added', { L: [PRICE] }, (data) => { data.push(1); }, { L: [PRICE, { N: '1' }] }],
    ['in a list with something new in front', { L: [PRICE, { N: '2' }] }, (data) => { data.unshift(1); }, { L: [{ N: '1' }, PRICE, { N: '2' }] }],
    ['in a list that loses its first element', { L: [{ N: '1' }, PRICE] }, (data) => { data.shift(); }, { L: [PRICE] }],
    ['in an element of a list', { L: [{ N: '1' }, { M: { price: PRICE, n: { N: '1' } } }] },
      (data) => { data[1].n = 2; }, { L: [{ N: '1' }, { M: { price: PRICE, n: { N: '2' } } }] }],
    ['in a list that drops its oldest element for a new one', { L: [{ N: '1' }, PRICE] }, (data) => { data.push(2); data.shift(); }, { L: [PRICE, { N: '2' }] }],
    ['in a list that grows at both ends', { L: [PRICE, { N: '2' }] },
      (data) => { data.unshift(1); data.push(3); }, { L: [{ N: '1' }, PRICE, { N: '2' }, { N: '3' }] }],
    ['in a list that is turned round', { L: [PRICE, { N: '2' }, { N: '3' }] }, (data) => { data.reverse(); }, { L: [{ N: '3' }, { N: '2' }, PRICE] }],
    ['in a changed element of a list that gets another', { L: [{ M: { price: PRICE, n: { N: '1' } } }, { N: '2' }] },
      (data) => { data[0].n = 2; data.push(3); }, { L: [{ M: { price: PRICE, n: { N: '2' } } }, { N: '2' }, { N: '3' }] }],
    ['twice in a list, and once in what is left of it', { L: [PRICE, PRICE, { N: '2' }] }, (data) => { data.splice(1, 1, 7, 8); }, { L: [PRICE, { N: '7' }, { N: '8' }, { N: '2' }] }],
    ['in a set to which something is added', { M: { prices: { NS: [PRICE.N, '7'] } } },
      (data) => { data.prices.add(1).delete(7); }, { M: { prices: { NS: [PRICE.N, '1'] } } }],
  ])('%s', async (_, value, change, expected) => {
    await keep(value);
    await invoke(() => { change(getSessionData()); });
    expect(await stored()).toEqual(expected);
  });

  test('in update(fn)', async () => {
    await keep({ M: { price: PRICE, n: { N: '1' } } });
    await invoke(() => currentSession<any>().update((data) => { data.n++; }));
    expect(await stored()).toEqual({ M: { price: PRICE, n: { N: '2' } } });
  });

  test('in a session that gets another id', async () => {
    await keep({ M: { price: PRICE, n: { N: '1' } } });
    const id = await invoke(() => {
      getSessionData<any>().n++;
      currentSession().regenerate();
      return currentSession().id;
    });
    expect((await store.get(id, { timeLimitMs: 1000, consistentRead: true }))?.value).toEqual({ M: { price: PRICE, n: { N: '2' } } });
  });
});

interface Data { n: number; items: string[]; nested: { n: number } }
const bundles = useBundles();
const SCHEMAS: [string, () => StandardSchema<Data>][] = [
  ['zod', () => z.object({ n: z.number().default(0), items: z.array(z.string()).default([]), nested: z.object({ n: z.number() }).default({ n: 0 }) })],
  ['zod, with fallbacks', () => z.object({ n: z.number().catch(0), items: z.array(z.string()).catch([]), nested: z.object({ n: z.number() }).catch({ n: 0 }) })],
  ['valibot', () => v.object({
    n: v.fallback(v.number(), 0), items: v.fallback(v.array(v.string()), []), nested: v.fallback(v.object({ n: v.number() }), { n: 0 }),
  })],
  ['arktype', () => {
    const { type } = bundles.load('export * from "arktype"') as typeof import('arktype', { with: { 'resolution-mode': 'import' } });
    return type({ '+': 'delete', 'n': 'number = 0', 'items': type('string[]').default(() => []), 'nested': type({ '+': 'delete', 'n': 'number' }).default(() => ({ n: 0 })) }) as never;
  }],
];

describe.each(SCHEMAS)('a schema of %s', (_, make) => {
  const schema = () => ({ schema: make() });

  test('deletes none of the fields that it does not know', async () => {
    await keep(encode({ n: 1, theirs: 1, items: ['a'], nested: { n: 1, theirs: 1 } }));
    await invoke(() => { getSessionData<Data>()!.nested.n = 2; }, schema());
    await invoke(() => setSessionData({ ...getSessionData<Data>()!, n: 2 }), schema());
    await invoke(() => currentSession<Data>().update((data) => { data!.items.push('b'); }), schema());

    expect(await stored()).toEqual(encode({ n: 2, theirs: 1, items: ['a', 'b'], nested: { n: 2, theirs: 1 } }));
  });

  test('fills in nothing that is saved before the handler changes it', async () => {
    await keep(encode({ n: 1 }));
    await invoke(() => getSessionData(), schema());
    expect(store.calls).toEqual(['get']);

    await invoke(() => { getSessionData<Data>()!.n = 2; }, schema());
    expect(await stored()).toEqual(encode({ n: 2 }));
  });

  test('does not overwrite by what it fills in what another invocation saves meanwhile', async () => {
    await keep(encode({ n: 1 }));
    await invoke(async () => {
      getSessionData<Data>()!.n = 2;
      await invoke(() => { getSessionData<Data>()!.items.push('theirs'); }, schema());
    }, schema());

    expect(await stored()).toEqual(encode({ n: 2, items: ['theirs'] }));
  });

  test('loses no update beside a change in place of what it filled in', async () => {
    await keep(encode({}));
    await Promise.all(Array.from({ length: 12 }, (__, i) => invoke(async () => {
      getSessionData<Data>()!.items.push(`${i}`);
      await currentSession<Data>().update((data) => { data!.n++; });
    }, schema())));

    expect(await invoke(() => getSessionData<Data>()!.n, schema())).toBe(12);
  });

  test('hands out no object twice: what one user adds no other sees', async () => {
    const options = schema();
    await keep(encode({}));
    await invoke(() => {
      const { items, nested } = getSessionData<Data>()!;
      items.push('of one user');
      nested.n = 7;
    }, options);
    const other = bareEvent({ 'session-id': 'other' });
    await session(() => setSessionData({}), { store, update: true })(other);

    expect(await session(() => getSessionData(), { store, update: true, ...options })(other)).toEqual({ n: 0, items: [], nested: { n: 0 } });
    expect(await session(() => currentSession<Data>().update(() => undefined), { store, update: true, ...options })(other))
      .toEqual({ n: 0, items: [], nested: { n: 0 } });
  });
});

test('long lists of deep elements are compared in time proportional to them', async () => {
  const deep = (n: number): AttributeValue => Array.from({ length: 28 }).reduce<AttributeValue>((inner, __, level) => (level % 2 ? { L: [inner] } : { M: { '"': inner } }), { N: `${n}` });
  const elements = Array.from({ length: 300 }, (__, n) => deep(n % 100));
  await keep({ L: elements });
  await invoke(() => { getSessionData<unknown[]>()!.reverse(); });

  expect(await stored()).toEqual({ L: elements.reverse() });
});

test('a field that a schema hides stays with its element of a list, wherever that goes', async () => {
  const schema = z.array(z.object({ name: z.string(), tags: z.set(z.string()).optional() }));
  const [ada, bob, cy] = ['Ada', 'Bob', 'Cy'].map((name) => ({ name, theirs: `of ${name}`, tags: new Set(['b', 'a']) }));
  await keep(encode([cy, ada, bob]));
  await invoke(() => { getSessionData<{ name: string }[]>()!.sort((one, other) => (one.name < other.name ? -1 : 1)); }, { schema });
  expect(await stored()).toEqual(encode([ada, bob, cy]));

  await invoke(() => {
    const people = getSessionData<{ name: string }[]>()!;
    people.shift();
    people.push({ name: 'Dan' });
  }, { schema });
  expect(await stored()).toEqual(encode([bob, cy, { name: 'Dan' }]));
});

test.each<[string, (cart: StandardSchema<any> & z.ZodType) => StandardSchema<any>]>([
  ['default', (cart) => z.object({ cart: cart.default({ items: [] }) })],
  ['fallback', (cart) => z.object({ cart: cart.catch({ items: [] }) })],
  ['default that is made of all the data', (cart) => z.object({ cart: cart.optional() }).transform((data) => ({ cart: { items: NO_ITEMS }, ...data }))],
])('what is in a %s of zod is new for each session', async (_, make) => {
  const schema = make(z.object({ items: z.array(z.string()) }));
  for (const id of ['ada', 'eve']) {
    const options = { store, update: true, sessionId: () => id };
    await session(() => setSessionData({}), options)({});

    expect(await session(() => getSessionData<any>().cart.items.push(id), { ...options, schema })({})).toBe(1);
  }
});
const NO_ITEMS: string[] = [];

describe('what a handler gets is its own, although a schema', () => {
  test.each<[string, (shared: string[]) => StandardSchema<any>]>([
    ['puts its own object in the place of an equal one', (shared) => z.object({ items: z.array(z.string()).refine(({ length }) => length > 0).catch(shared) })],
    ['changes its input and hides the change', () => z.preprocess((input) => Object.assign(input as object, { seen: true }), z.object({ items: z.array(z.string()) }))],
  ])('%s', async (_, make) => {
    const shared: string[] = [];
    await keep(encode({ items: [] }));
    const given = await invoke(() => getSessionData<any>(), { schema: make(shared) });

    expect(given).toEqual({ items: [] });
    expect(given.items).not.toBe(shared);
    expect(store.calls).toEqual(['get']);
  });

  test('returns its input, changed: what it added is not saved', async () => {
    const schema: StandardSchema<any> = { '~standard': { validate: (value) => ({ value: Object.assign(value as object, { seen: true }) }) } };
    await keep(encode({ n: 1 }));
    expect(await invoke(() => getSessionData(), { schema })).toEqual({ n: 1, seen: true });
    expect(store.calls).toEqual(['get']);
  });
});

test('whatever can be changed in place in what a schema hands out is a copy', async () => {
  const shared = { date: new Date(0), bytes: Buffer.from('abc'), set: new Set(['a']), bare: Object.assign(Object.create(null), { a: [1] }) };
  const schema: StandardSchema<any> = { '~standard': { validate: () => ({ value: shared }) } };
  await keep(encode({}));
  await invoke(() => {
    const { date, bytes, set, bare } = getSessionData<any>();
    expect({ date, bytes, set, bare }).toEqual(shared);
    expect(bytes).toBeInstanceOf(Buffer);
    date.setTime(1);
    bytes[0] = 0;
    set.add('b');
    bare.a.push(2);
    setSessionData(null);
  }, { schema });

  expect(shared).toEqual({ date: new Date(0), bytes: Buffer.from('abc'), set: new Set(['a']), bare: { a: [1] } });
});

describe('what the schema makes of a field each time is not saved with another field', () => {
  const counted = z.object({ looks: z.number().transform((looks) => looks + 1), name: z.string() });
  const [ada, grace] = [{ looks: 1, name: 'Ada' }, { looks: 1, name: 'Grace' }];

  test.each<[string, StandardSchema, unknown, (data: any) => unknown, unknown]>([
    ['beside it', counted, ada, (data) => { data.name = 'Grace'; }, grace],
    ['in an object', z.object({ user: counted }), { user: ada }, ({ user }) => { user.name = 'Grace'; }, { user: grace }],
    ['in a list', z.array(counted), [ada, ada], (users) => { users[1].name = 'Grace'; }, [ada, grace]],
    ['in a list that gets another', z.array(counted), [ada, grace], (users) => { users.unshift({ looks: 0, name: 'Eve' }); }, [{ looks: 1, name: 'Eve' }, ada, grace]],
  ])('%s', async (_, schema, before, change, after) => {
    await keep(encode(before));
    await invoke(() => { change(getSessionData()); }, { schema });

    expect(await stored()).toEqual(encode(after));
  });
});

test('a set stores what the schema makes of it', async () => {
  const schema = z.object({ email: z.string().trim().toLowerCase(), items: z.array(z.string()).default([]) });
  await invoke(() => setSessionData<any>({ email: ' ADA@EXAMPLE.ORG ' }), { schema });
  expect(await stored()).toEqual(encode({ email: 'ada@example.org', items: [] }));

  await invoke(() => { getSessionData<any>().email = ' EVE@EXAMPLE.ORG '; }, { schema });
  expect(await stored()).toEqual(encode({ email: 'eve@example.org', items: [] }));
});
