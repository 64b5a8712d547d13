import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { handle } from 'hono/aws-lambda';
import { sessions } from '../../../lambda-runtime/src/adapters/hono.js';
import { MemoryStore, cookieTransport, currentSession, getSessionData, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { useBundles } from '../../fixtures/bundled.js';
import { httpApiV2Event, restApiV1Event } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';

const bundles = useBundles();
let store: SessionStore;

beforeEach(() => { store = new MemoryStore(); });

const stored = async () => (await store.get('id', { timeLimitMs: 1000, consistentRead: true }))?.value;
const known = { headers: { 'session-id': 'id' } };

function countVisit(): string {
  const visits = (getSessionData<number>() ?? 0) + 1;
  setSessionData(visits);
  return `${visits}`;
}

function visitCounter(options: SessionOptions<Context> = {}): Hono {
  return new Hono().use(sessions<Context>({ store, update: true, ...options })).all('/chat', (c) => c.text(countVisit()));
}

describe('the Hono middleware', () => {
  test('gives the handler a session, saves it, and writes the id into the response', async () => {
    const app = visitCounter();
    const first = await app.request('/chat');
    const id = first.headers.get('session-id')!;
    const second = await app.request('/chat', { headers: { 'Session-Id': id } });

    expect([await first.text(), await second.text()]).toEqual(['1', '2']);
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(second.headers.get('session-id')).toBe(id);
    expect(second.headers.get('content-type')).toMatch('text/plain');
  });

  test.each([['HTTP API v2', httpApiV2Event], ['REST API v1', restApiV1Event]])('carries a header through hono/aws-lambda: %s', async (_, eventWith) => {
    const handler = handle(visitCounter());
    const first: any = await handler(eventWith() as any);
    const second: any = await handler(eventWith({ 'session-id': first.headers['session-id'] }) as any);

    expect([first.body, second.body]).toEqual(['1', '2']);
    expect(second.headers['session-id']).toBe(first.headers['session-id']);
  });

  test.each([
    ['HTTP API v2', httpApiV2Event, (response: any) => response.cookies],
    ['REST API v1', restApiV1Event, (response: any) => response.multiValueHeaders['set-cookie']],
  ])('carries a cookie through hono/aws-lambda, beside those that the handler sets: %s', async (_, eventWith, cookiesOf) => {
    const handler = handle(new Hono().use(sessions({ store, update: true, transport: cookieTransport() })).all('/chat', (c) => {
      c.header('set-cookie', 'theme=dark');
      return c.text(countVisit());
    }));
    const first: any = await handler(eventWith() as any);
    const cookies: string[] = cookiesOf(first);
    const second: any = await handler(eventWith({ cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') }) as any);

    expect(cookies).toEqual(['theme=dark', expect.stringMatching(/^__Host-session=[\w-]{43}; .*HttpOnly/)]);
    expect(second.body).toBe('2');
    expect(cookiesOf(second)).toEqual(['theme=dark']);
  });

  test.each([
    ['Response.error()', () => Response.error()],
    ['the answer to an upgrade', () => Object.defineProperty(new Response(null), 'status', { value: 101 })],
  ])('leaves %s as it is, and saves the session', async (_, respond) => {
    const response = respond();
    const app = new Hono().use(sessions({ store, update: true })).get('/chat', () => {
      setSessionData('saved');
      return response;
    });

    expect(await app.request('/chat', known)).toBe(response);
    expect(await stored()).toEqual({ S: 'saved' });
  });

  test('costs the calls that session() costs', async () => {
    const recorded = recording(store);
    const app = visitCounter({ store: recorded });
    await app.request('/chat', known);
    await app.request('/chat', known);

    expect(recorded.calls).toEqual(['get', 'create', 'get', 'save']);
  });

  test('keeps within the time that Lambda leaves', async () => {
    const limits: number[] = [];
    const get = store.get.bind(store);
    store.get = (key, options) => {
      limits.push(options.timeLimitMs);
      return get(key, options);
    };
    await handle(visitCounter())(httpApiV2Event({ 'session-id': 'id' }) as any, { getRemainingTimeInMillis: () => 4000 } as any);

    expect(limits).toEqual([3500]);
  });

  test('saves nothing when a handler throws, also if app.onError makes a response of it', async () => {
    const app = visitCounter().get('/fail', () => {
      countVisit();
      throw new Error('of the handler');
    });
    app.onError((error, c) => c.text(`sorry: ${error.message}`, 500));
    const response = await app.request('/fail', known);

    expect([response.status, await response.text(), response.headers.get('session-id')]).toEqual([500, 'sorry: of the handler', null]);
    expect(await stored()).toBeUndefined();
  });

  test.each(['get', 'create'] as const)('answers with the error when the store fails to %s', async (call) => {
    store[call] = async () => { throw new Error('the store is down'); };
    const app = visitCounter();
    app.onError((error, c) => c.text(error.message, 500));
    const response = await app.request('/chat', known);

    expect([response.status, await response.text(), response.headers.get('session-id')]).toEqual([500, 'the store is down', null]);
  });

  test('has the client forget a session that is destroyed', async () => {
    const app = visitCounter().post('/logout', async (c) => {
      await currentSession().destroy();
      return c.body(null, 204);
    });
    await app.request('/chat', known);
    const response = await app.request('/logout', { method: 'POST', ...known });

    expect([response.status, response.headers.get('session-id')]).toEqual([204, '']);
    expect(await stored()).toBeUndefined();
  });

  test('finds the session by what an earlier middleware put into Hono\'s context', async () => {
    const app = new Hono<{ Variables: { user: string } }>()
      .use(async (c, next) => { c.set('user', 'ada'); await next(); })
      .use(sessions({ store, sessionId: (c: Context<{ Variables: { user: string } }>) => c.get('user') }))
      .get('/', (c) => c.text(currentSession().id));

    expect(await (await app.request('/')).text()).toBe('ada');
  });

  test('two requests interleaved in one process never see each other\'s session', async () => {
    const app = new Hono().use(sessions({ store })).get('/', async (c) => {
      const own = c.req.header('session-id');
      setSessionData(own);
      await sleep(Math.random() * 20);
      return c.text(`${getSessionData()} ${currentSession().id}`);
    });
    const ids = Array.from({ length: 16 }, (_, i) => `id-${i}`);
    const bodies = await Promise.all(ids.map(async (id) => (await app.request('/', { headers: { 'session-id': id } })).text()));

    expect(bodies).toEqual(ids.map((id) => `${id} ${id}`));
  });

  test('refuses options that cannot work when it is made', () => {
    expect(() => sessions({ ttl: 0.5 })).toThrow('ttl must be a whole number of seconds, got 0.5');
  });
});

test('the example keeps a basket until the visitor logs out', async () => {
  const { handler, useStore } = bundles.load(`
    export * from './examples/hono/handler.ts';
    export { useStore } from 'cdk-session-table/lambda-runtime';
  `);
  useStore(store);
  const request = (method: string, path: string, cookies: string[] = []) => {
    const event = httpApiV2Event({});
    return handler({ ...event, rawPath: path, cookies, body: undefined, requestContext: { ...event.requestContext, http: { method, path } } }, {});
  };
  const { cookies } = await request('POST', '/basket/tea');
  await request('POST', '/basket/milk', cookies);

  expect(JSON.parse((await request('GET', '/basket', cookies)).body)).toEqual({ items: ['tea', 'milk'] });
  expect((await request('POST', '/logout', cookies)).cookies).toEqual([expect.stringMatching(/^__Host-session=; Max-Age=0/)]);
  expect(JSON.parse((await request('GET', '/basket', cookies)).body)).toEqual({ items: [] });
});
