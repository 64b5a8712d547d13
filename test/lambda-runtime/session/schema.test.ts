import * as v from 'valibot';
import { z } from 'zod';
import { MemoryStore, SessionDataError, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore, StandardSchema } from '../../../lambda-runtime/src/index.js';
import { useBundles } from '../../fixtures/bundled.js';
import { bareEvent } from '../../fixtures/events.js';

interface Cart { items: { name: string; count: number }[] }

const zodCart = z.object({ items: z.array(z.object({ name: z.string(), count: z.number().int().min(1) })) });
const valibotCart = v.object({ items: v.array(v.object({ name: v.string(), count: v.pipe(v.number(), v.integer(), v.minValue(1)) })) });
const arktypeCart = (type: typeof import('arktype', { with: { 'resolution-mode': 'import' } })['type']) =>
  type({ items: type({ name: 'string', count: 'number.integer >= 1' }).array() });

const bundles = useBundles();
const CARTS: [string, () => StandardSchema<Cart>][] = [
  ['zod', () => zodCart],
  ['valibot', () => valibotCart],
  ['arktype', () => arktypeCart(bundles.load('export * from "arktype"').type)],
];

const ONE_TEA: Cart = { items: [{ name: 'tea', count: 1 }] };
const NO_CART = { items: [{ name: 'tea', count: 'secret' }] };

let store: SessionStore;

beforeEach(() => { store = new MemoryStore(); });

const invoke = <T>(handler: () => T, options: SessionOptions = {}) => session(handler, { store, update: true, ...options })(bareEvent({ 'session-id': 'id' }));
const stored = async () => (await store.get('id', { timeLimitMs: 1000, consistentRead: true }))?.value;
const dataKeptOf = (data: unknown) => invoke(() => setSessionData(data));

describe.each(CARTS)('a schema of %s', (_, cart) => {
  let schema: StandardSchema<Cart>;
  beforeAll(() => { schema = cart(); });

  test('lets pass what fits, both ways', async () => {
    await invoke(() => setSessionData(ONE_TEA), { schema });

    expect(await invoke(() => getSessionData(), { schema })).toEqual(ONE_TEA);
  });

  test('refuses to set what does not fit, where it is set', async () => {
    const refusal = await invoke(() => {
      try {
        setSessionData<unknown>(NO_CART);
        return 'set';
      } catch (error) {
        return error;
      }
    }, { schema });

    expect(refusal).toBeInstanceOf(SessionDataError);
    expect((refusal as Error).message).toBe('the session data does not fit its schema at data.items.0.count; see the cause for why');
    expect((refusal as Error).message).not.toContain('secret');
    expect([...(refusal as { cause: Iterable<unknown> }).cause]).toMatchObject([{ message: expect.any(String) }]);
    expect(await stored()).toEqual({ NULL: true });
  });

  test('refuses to save what was changed in place so that it does not fit', async () => {
    await dataKeptOf(ONE_TEA);

    await expect(invoke(() => { getSessionData<Cart>()!.items[0].count = 0; }, { schema })).rejects.toThrow(SessionDataError);
    expect(await invoke(() => getSessionData())).toEqual(ONE_TEA);
  });

  test('refuses to hand out what does not fit, and leaves it as it is', async () => {
    await dataKeptOf(NO_CART);

    await expect(invoke(() => getSessionData(), { schema })).rejects.toThrow('the session data does not fit its schema at data.items.0.count');
    expect(await invoke(() => getSessionData())).toEqual(NO_CART);
  });

  test('lets a handler destroy what does not fit', async () => {
    await dataKeptOf(NO_CART);
    await invoke(() => currentSession().destroy(), { schema });

    expect(await stored()).toBeUndefined();
  });

  test('lets a handler replace what does not fit', async () => {
    await dataKeptOf(NO_CART);
    await invoke(() => {
      expect(() => getSessionData()).toThrow(SessionDataError);
      setSessionData(ONE_TEA);
    }, { schema });

    expect(await invoke(() => getSessionData(), { schema })).toEqual(ONE_TEA);
  });

  test('begins a new session in the place of one that does not fit, with onInvalid: new', async () => {
    await dataKeptOf(NO_CART);
    const options: SessionOptions = { schema, onInvalid: 'new' };

    expect(await invoke(() => [currentSession().isNew, getSessionData()], options)).toEqual([true, null]);
    expect(await stored()).toEqual({ NULL: true });
  });

  test('validates what update(fn) is given and what it returns', async () => {
    const add = () => currentSession<Cart>().update((data) => ({ items: [...data?.items ?? [], { name: 'tea', count: 1 }] }));
    const spoil = () => currentSession<any>().update(() => NO_CART);

    expect(await invoke(add, { schema })).toEqual(ONE_TEA);
    await expect(invoke(spoil, { schema })).rejects.toThrow(SessionDataError);
    expect(await invoke(() => getSessionData())).toEqual(ONE_TEA);
    await dataKeptOf(NO_CART);
    await expect(invoke(async () => add(), { schema })).rejects.toThrow(SessionDataError);
  });

  test('lets a session have no data', async () => {
    await dataKeptOf(ONE_TEA);
    await invoke(() => setSessionData(null), { schema });

    expect(await invoke(() => getSessionData(), { schema })).toBeNull();
  });
});

describe('a schema', () => {
  test('types the data, without casts, with all three libraries', async () => {
    const arktype = arktypeCart(bundles.load('export * from "arktype"').type);
    const names: string[] = [];
    const read = () => {
      const carts = [getSessionData<typeof zodCart>(), getSessionData<typeof valibotCart>(), getSessionData<typeof arktype>()];
      names.push(...carts.map((data) => data!.items[0].name));
      const cart: Cart = currentSession<typeof zodCart>().data!;
      // @ts-expect-error no such field
      void (() => getSessionData<typeof zodCart>()!.itmes);
      // @ts-expect-error no such field
      void (() => getSessionData<typeof valibotCart>()!.itmes);
      // @ts-expect-error no such field
      void (() => getSessionData<typeof arktype>()!.itmes);
      // @ts-expect-error a count must be a number
      void (() => setSessionData<typeof arktype>({ items: [{ name: 'tea', count: '1' }] }));
      return cart;
    };
    const options: SessionOptions[] = [{ schema: zodCart }, { schema: valibotCart }, { schema: arktype }];
    await dataKeptOf(ONE_TEA);

    expect(await Promise.all(options.map((each) => invoke(read, each)))).toEqual([ONE_TEA, ONE_TEA, ONE_TEA]);
    expect(new Set(names)).toEqual(new Set(['tea']));
  });

  test('gives the handler its output, which is not written unless the handler changes something', async () => {
    const schema = z.object({ visits: z.number().default(0), lastVisit: z.coerce.date().optional() });
    const lastVisit = '2026-01-01T00:00:00.000Z';
    await dataKeptOf({ lastVisit });

    expect(await invoke(() => getSessionData<typeof schema>(), { schema })).toEqual({ visits: 0, lastVisit: new Date(lastVisit) });
    expect(await stored()).toEqual({ M: { lastVisit: { S: lastVisit } } });
    await invoke(() => { getSessionData<typeof schema>()!.visits += 1; }, { schema });
    expect(await stored()).toEqual({ M: { visits: { N: '1' }, lastVisit: { S: lastVisit } } });
  });

  test('keeps changes that are made to the object that was set', async () => {
    await invoke(() => {
      const cart: Cart = { items: [] };
      setSessionData(cart);
      cart.items.push({ name: 'tea', count: 1 });
    }, { schema: zodCart });

    expect(await invoke(() => getSessionData())).toEqual(ONE_TEA);
  });

  test('does not adopt the id of a session that does not fit where ids of clients are rejected', async () => {
    await dataKeptOf(NO_CART);
    const id = await invoke(() => currentSession().id, { schema: zodCart, onInvalid: 'new', clientIds: 'reject' });

    expect(id).not.toBe('id');
    expect(await invoke(() => getSessionData())).toEqual(NO_CART);
  });

  test.each([
    ['resolves', z.string().refine(async () => true)],
    ['rejects', { '~standard': { validate: () => Promise.reject(new Error('later')) } } satisfies StandardSchema],
  ])('that validates asynchronously is refused, even if its promise %s', async (_, schema) => {
    await dataKeptOf('text');

    await expect(invoke(() => getSessionData(), { schema })).rejects.toThrow('the schema of the session data validates asynchronously: use a schema that returns its result synchronously');
  });
});

describe('data that could never be loaded again is refused when it is set:', () => {
  test.each<[string, StandardSchema, unknown, string]>([
    ['a bigint of zod', z.object({ a: z.bigint() }), { a: 5n }, 'data.a'],
    ['a date of zod', z.object({ a: z.date() }), { a: new Date(0) }, 'data.a'],
    ['a Buffer of zod', z.object({ a: z.instanceof(Buffer) }), { a: Buffer.from('x') }, 'data.a'],
    ['a list of zod with a gap', z.array(z.number().optional()), [1, undefined], 'data.1'],
    ['a bigint of valibot', v.object({ a: v.bigint() }), { a: 5n }, 'data.a'],
    ['a date of valibot', v.object({ a: v.date() }), { a: new Date(0) }, 'data.a'],
    ['what a transformation makes of a text', z.object({ a: z.string().transform(Number) }), { a: '5' }, 'data.a'],
  ])('%s', async (_, schema, data, path) => {
    const message = `the session data fits its schema now, but not as it would come back from the store, at ${path}; see the cause for why`;
    await invoke(() => { expect(() => setSessionData(data)).toThrow(message); }, { schema });

    expect(await invoke(() => getSessionData(), { schema })).toBeNull();
    await expect(invoke(() => currentSession().update(() => data), { schema })).rejects.toThrow(message);
  });

  test('and when it is saved, if it was changed in place', async () => {
    const schema = z.object({ at: z.union([z.literal('never'), z.date()]) });
    await invoke(() => setSessionData({ at: 'never' }), { schema });

    await expect(invoke(() => { getSessionData<any>().at = new Date(0); }, { schema })).rejects.toThrow('not as it would come back from the store, at data.at');
    expect(await invoke(() => getSessionData(), { schema })).toEqual({ at: 'never' });
  });

  test('but not what a coercion brings back', async () => {
    const schema = z.object({ at: z.coerce.date(), n: z.coerce.bigint() });
    await invoke(() => setSessionData({ at: new Date(0), n: 5n }), { schema });

    await invoke(() => { expect(getSessionData()).toEqual({ at: new Date(0), n: 5n }); }, { schema });
  });
});

describe('two saves that each fit the schema and together do not', () => {
  const schema = z.object({ from: z.number(), to: z.number() }).refine(({ from, to }) => from <= to);
  const range = () => getSessionData<typeof schema>()!;
  beforeEach(async () => {
    await dataKeptOf({ from: 0, to: 9 });
    await invoke(async () => {
      range().from = 8;
      await invoke(() => { range().to = 1; }, { schema });
    }, { schema });
  });

  test('lock nobody out: the handler runs, and a set fixes the session', async () => {
    await invoke(() => {
      expect(range).toThrow(SessionDataError);
      setSessionData({ from: 1, to: 2 });
    }, { schema });

    expect(await invoke(range, { schema })).toEqual({ from: 1, to: 2 });
  });

  test('lock nobody out of logging out', async () => {
    await invoke(() => currentSession().destroy(), { schema });

    expect(await stored()).toBeUndefined();
  });

  test.each<[string, () => unknown]>([
    ['by update(fn)', () => currentSession().update(() => undefined)],
    ['by regenerate', () => currentSession().regenerate()],
    ['as it changes too many fields to write them one by one', () => setSessionData({ ...range(), ...Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i, i])) })],
  ])('are refused where the second save meets the first: %s', async (_, meet) => {
    await dataKeptOf({ from: 0, to: 9 });
    const options = { schema: z.looseObject({ from: z.number(), to: z.number() }).refine(({ from, to }) => from <= to) };
    const second = invoke(async () => {
      range().from = 8;
      await invoke(() => { range().to = 1; }, options);
      await meet();
    }, options);

    await expect(second).rejects.toThrow(/^the session data(, merged with what another invocation saved meanwhile,)? does not fit its schema at data/);
    expect(await stored()).toEqual({ M: { from: { N: '0' }, to: { N: '1' } } });
    expect(await invoke(range, options)).toEqual({ from: 0, to: 1 });
  });
});

test('a schema that leaves elements of a list out has none of them stored in the place of another', async () => {
  const schema = z.object({ items: z.array(z.object({ name: z.string() })).transform((items) => items.filter(({ name }) => name !== 'gone')) });
  await dataKeptOf({ items: [{ name: 'gone', hidden: 1 }, { name: 'tea', hidden: 2 }] });

  await invoke(() => { getSessionData<typeof schema>()!.items.push({ name: 'milk' }); }, { schema });

  expect(await invoke(() => getSessionData())).toEqual({ items: [{ name: 'tea' }, { name: 'milk' }] });
});

test('undefined is set as null', async () => {
  await invoke(() => {
    setSessionData(undefined);
    expect(getSessionData()).toBeNull();
  });
});
