import { setTimeout as sleep } from 'node:timers/promises';
import {
  MemoryStore, NoActiveSessionError, SessionStoreNotSetError, currentSession, getSessionData, session, setSessionData, useSessionIdFromSeed,
} from '../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../lambda-runtime/src/index.js';
import { bareEvent, httpApiV2Event, restApiV1Event } from '../fixtures/events.js';
import { describeEveryStore } from '../fixtures/every-store.js';

const READ = { timeLimitMs: 10_000, consistentRead: true };

interface Response { headers: Record<string, string>; body: string }

describeEveryStore(({ open }) => {
  let store: SessionStore;

  beforeEach(async () => { store = await open(); });

  /** The article's counter: answers with the data that it found, and sets one more. */
  function counter(options: SessionOptions = {}) {
    const handler = session(async () => {
      const visits = getSessionData<number>();
      setSessionData((visits ?? 0) + 1);
      return { statusCode: 200, body: JSON.stringify(visits) };
    }, { store, ...options });
    return async (id?: string) => await handler(bareEvent(id === undefined ? undefined : { 'session-id': id })) as unknown as Response;
  }

  async function visit(call: (id?: string) => Promise<Response>, times: number): Promise<string[]> {
    const first = await call();
    const bodies = [first.body];
    for (let i = 1; i < times; i++) {
      bodies.push((await call(first.headers['session-id'])).body);
    }
    return bodies;
  }

  const rowOf = (id: string) => store.get(id, READ);

  test('write-once: the first value stands: null, 1, 1, 1 for one client and null for the next', async () => {
    const call = counter({ update: false });

    expect(await visit(call, 4)).toEqual(['null', '1', '1', '1']);
    expect(await visit(call, 1)).toEqual(['null']);
  });

  test('mutable: every value is kept: null, 1, 2, 3 for one client and null for the next', async () => {
    const call = counter({ update: true });

    expect(await visit(call, 4)).toEqual(['null', '1', '2', '3']);
    expect(await visit(call, 1)).toEqual(['null']);
  });

  test('a client without an id gets a fresh one, and the same one from then on', async () => {
    const call = counter();
    const { headers } = await call();

    expect(headers['session-id']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await call(headers['session-id'])).headers).toEqual(headers);
    expect((await call()).headers).not.toEqual(headers);
  });

  test('an id that the client made is kept verbatim', async () => {
    const { headers } = await counter()('client-session-id');

    expect(headers['session-id']).toBe('client-session-id');
    expect((await rowOf('client-session-id'))?.value).toEqual({ N: '1' });
  });

  test('clientIds reject: an id that the client made is replaced by a fresh one', async () => {
    const { headers } = await counter({ clientIds: 'reject' })('client-session-id');

    expect(headers['session-id']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await rowOf('client-session-id')).toBeUndefined();
  });

  test.each(['', 'x'.repeat(2049), 'with space', 'line\nbreak', 'é'])('an id that cannot be one gets a fresh session: %j', async (id) => {
    const { headers } = await counter()(id);

    expect(headers['session-id']).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('a new session is written even if nothing was set', async () => {
    const handler = session(async () => ({ statusCode: 200 }), { store, ttl: 900 });
    const { headers } = await handler(bareEvent()) as unknown as Response;
    const row = await rowOf(headers['session-id']);

    expect(row).toMatchObject({ key: { S: headers['session-id'] }, value: { NULL: true }, access_counter: { N: '1' } });
    expect(Number(row!.ttl!.N) - Number(row!.created_at!.N)).toBeGreaterThanOrEqual(900);
    expect(Number(row!.ttl!.N) - Number(row!.created_at!.N)).toBeLessThan(901.1);
  });

  test('saveUninitialized false: a session in which nothing was set is neither written nor sent to the client', async () => {
    const handler = session(async () => ({ statusCode: 200 }), { store, saveUninitialized: false });

    expect(await handler(bareEvent({ 'session-id': 'mine' }))).toEqual({ statusCode: 200 });
    expect(await rowOf('mine')).toBeUndefined();
  });

  test('saveUninitialized false: a session in which something was set is written and sent', async () => {
    const call = counter({ saveUninitialized: false });

    expect((await call('mine')).headers['session-id']).toBe('mine');
    expect(await rowOf('mine')).toBeDefined();
  });

  test('a session still without value takes one from a later invocation, also write-once', async () => {
    const silent = session(async () => ({ statusCode: 200 }), { store });
    await silent(bareEvent({ 'session-id': 'late' }));
    await counter()('late');

    expect((await rowOf('late'))?.value).toEqual({ N: '1' });
    expect((await rowOf('late'))?.access_counter).toEqual({ N: '2' });
  });

  test('write-once: a later set is seen within its invocation and never stored', async () => {
    await counter()('id');
    const seen: unknown[] = [];
    await session(async () => {
      setSessionData('other');
      seen.push(getSessionData());
    }, { store })(bareEvent({ 'session-id': 'id' }));

    expect(seen).toEqual(['other']);
    expect((await rowOf('id'))?.value).toEqual({ N: '1' });
  });

  test('mutable: a mutation in place is saved', async () => {
    const handler = session(async () => {
      const data = getSessionData<{ items: string[] }>();
      if (data === null) {
        setSessionData({ items: ['tea'] });
      } else {
        data.items.push('milk');
      }
    }, { store, update: true });
    await handler(bareEvent({ 'session-id': 'id' }));
    await handler(bareEvent({ 'session-id': 'id' }));

    expect((await rowOf('id'))?.value).toEqual({ M: { items: { L: [{ S: 'tea' }, { S: 'milk' }] } } });
  });

  test('mutable: data set to what it was is not written', async () => {
    const handler = session(async () => setSessionData({ a: 1, b: [true, 'x'] }), { store, update: true });
    await handler(bareEvent({ 'session-id': 'id' }));
    await handler(bareEvent({ 'session-id': 'id' }));

    expect((await rowOf('id'))?.access_counter).toEqual({ N: '1' });
  });

  test('mutable: data can be set back to nothing', async () => {
    await counter({ update: true })('id');
    await session(async () => setSessionData(null), { store, update: true })(bareEvent({ 'session-id': 'id' }));

    expect((await rowOf('id'))?.value).toEqual({ NULL: true });
  });

  test('an expired row is an absent one: its data is not seen, and what is written starts afresh', async () => {
    const past = Math.floor(Date.now() / 1000) - 10;
    const row = { key: { S: 'id' }, value: { N: '41' }, created_at: { N: '1600000000' }, access_counter: { N: '7' }, ttl: { N: `${past}` } };
    await store.create({ row }, { timeLimitMs: 10_000 });

    const { body, headers } = await counter({ update: true, ttl: 900 })('id');
    const successor = await rowOf('id');

    expect(body).toBe('null');
    expect(headers['session-id']).toBe('id');
    expect(successor).toMatchObject({ value: { N: '1' }, access_counter: { N: '1' } });
    expect(Number(successor!.created_at!.N)).toBeGreaterThan(1600000000);
    expect(Number(successor!.ttl!.N)).toBeGreaterThan(past + 900);
  });

  test('an unchanged mutable session renews its expiry once it is due', async () => {
    const soon = Math.floor(Date.now() / 1000) + 500;
    const row = { key: { S: 'id' }, value: { N: '41' }, created_at: { N: '1600000000' }, access_counter: { N: '7' }, ttl: { N: `${soon}` } };
    await store.create({ row }, { timeLimitMs: 10_000 });
    await session(async () => getSessionData(), { store, update: true, ttl: 900 })(bareEvent({ 'session-id': 'id' }));

    expect(Number((await rowOf('id'))!.ttl!.N)).toBeGreaterThan(soon + 300);
    expect((await rowOf('id'))?.access_counter).toEqual({ N: '7' });
  });

  test('a write-once session is not renewed', async () => {
    const soon = Math.floor(Date.now() / 1000) + 500;
    const row = { key: { S: 'id' }, value: { N: '41' }, created_at: { N: '1600000000' }, access_counter: { N: '7' }, ttl: { N: `${soon}` } };
    await store.create({ row }, { timeLimitMs: 10_000 });
    await counter({ ttl: 900 })('id');

    expect(await rowOf('id')).toEqual(row);
  });

  test('if the handler throws, nothing is written and the error passes through untouched', async () => {
    const failure = new Error('of the handler');
    const handler = session(async () => {
      setSessionData('never');
      throw failure;
    }, { store, update: true });

    await expect(handler(bareEvent({ 'session-id': 'id' }))).rejects.toBe(failure);
    expect(await rowOf('id')).toBeUndefined();
  });

  test('a seed leads every client to the session that belongs to it', async () => {
    const handler = session(async () => {
      await useSessionIdFromSeed('room 1');
      const members = getSessionData<number>() ?? 0;
      setSessionData(members + 1);
      return { statusCode: 200, body: `${members}` };
    }, { store, update: true });
    const first = await handler(bareEvent()) as unknown as Response;
    const second = await handler(bareEvent({ 'session-id': 'somebody' })) as unknown as Response;

    expect([first.body, second.body]).toEqual(['0', '1']);
    expect(second.headers['session-id']).toBe('03803e9ce5e79ec0295d84c31527cbde08d7216514820b41cc1a73da4dfca80c');
    expect(await rowOf('somebody')).toBeUndefined();
  });

  test('two invocations interleaved in one process never see each other\'s session', async () => {
    const handler = session(async (event: { headers: Record<string, string> }) => {
      const own = event.headers['session-id'];
      setSessionData({ own });
      await sleep(Math.random() * 20);
      return { statusCode: 200, body: JSON.stringify([getSessionData(), currentSession().id]) };
    }, { store, update: true });
    const ids = Array.from({ length: 16 }, (_, i) => `id-${i}`);
    const responses = await Promise.all(ids.map((id) => handler({ headers: { 'session-id': id } })));

    expect(responses.map(({ body }) => JSON.parse(body))).toEqual(ids.map((id) => [{ own: id }, id]));
    expect(await Promise.all(ids.map(async (id) => (await rowOf(id))?.value))).toEqual(ids.map((id) => ({ M: { own: { S: id } } })));
  });

  test.each([
    ['HTTP API v2', httpApiV2Event], ['REST API v1', restApiV1Event], ['bare', bareEvent],
  ])('carries the id through events of the format %s', async (_, eventWith) => {
    const handler = session(async () => ({ statusCode: 200, body: currentSession().isNew ? 'new' : 'known' }), { store });
    const first = await handler(eventWith()) as unknown as Response;
    const second = await handler(eventWith({ 'Session-Id': first.headers['session-id'] })) as unknown as Response;

    expect([first.body, second.body]).toEqual(['new', 'known']);
    expect(second.headers).toEqual(first.headers);
  });

  test.each([null, undefined, 'text', 17, [], { Records: [{ body: 'x' }] }, { headers: [] }])('runs the handler whatever event comes: %j', async (event) => {
    const handler = session(async (received: unknown) => ({ received, data: getSessionData() }), { store });

    expect(await handler(event)).toEqual({ received: event, data: null });
  });
});

describe('the wrapper', () => {
  const inMemory = () => ({ store: new MemoryStore() });

  test('hands event and context to the handler, and its own this', async () => {
    const options = inMemory();
    const target = {
      name: 'target',
      handler: session(async function (this: unknown, event: string, context: { functionName: string }) {
        return [this, event, context.functionName];
      }, options),
    };

    expect(await target.handler('event', { functionName: 'fn' })).toEqual([target, 'event', 'fn']);
  });

  test('wraps handlers that return their result without a promise', async () => {
    expect(await session(() => 'result', inMemory())(null)).toBe('result');
  });

  test('takes the options first and several handlers then', async () => {
    const withSession = session(inMemory());
    const set = withSession(async () => setSessionData('shared'));
    const get = withSession(async () => getSessionData());
    await set({ headers: { 'session-id': 'id' } });

    expect(await get({ headers: { 'session-id': 'id' } })).toBe('shared');
  });

  test('finds the id by another header name, in any case', async () => {
    const handler = session(async () => ({ statusCode: 200 }), { ...inMemory(), idKeyName: 'X-Chat-Id' });

    expect(await handler({ headers: { 'x-chat-id': 'mine' } })).toEqual({ statusCode: 200, headers: { 'X-Chat-Id': 'mine' } });
  });
});

describe('without a session', () => {
  test.each([
    ['getSessionData', () => getSessionData()],
    ['setSessionData', () => setSessionData(1)],
    ['currentSession', () => currentSession()],
  ])('%s says where it works', (name, call) => {
    expect(call).toThrow(NoActiveSessionError);
    expect(call).toThrow(`${name}() only works while a handler wrapped by session() is running`);
  });

  test('setting data after the handler has returned is an error, not a loss', async () => {
    let late: Promise<void> | undefined;
    await session(async () => { late = sleep(5).then(() => setSessionData('late')); }, { store: new MemoryStore() })(null);

    await expect(late).rejects.toThrow(NoActiveSessionError);
  });

  test('no store configured: the error comes before the handler runs', async () => {
    delete process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME;
    const handler = jest.fn(async () => 'never');

    await expect(session(handler)(bareEvent())).rejects.toThrow(SessionStoreNotSetError);
    await expect(session(handler)(bareEvent())).rejects.toThrow(/^Store not set: attach the function to a SessionTable/);
    expect(handler).not.toHaveBeenCalled();
  });
});
