import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { sessions } from '../../../lambda-runtime/src/adapters/hono.js';
import { middySession } from '../../../lambda-runtime/src/adapters/middy.js';
import { fetchSession, sessions as nodeSessions } from '../../../lambda-runtime/src/adapters/node.js';
import { MemoryStore, SessionOptionsError, getSessionData, session, setSessionData, streamingSession } from '../../../lambda-runtime/src/index.js';
import { bareEvent, httpApiV2Event, restApiV1Event } from '../../fixtures/events.js';

let store: MemoryStore;
beforeEach(() => { store = new MemoryStore(); });

const TWICE = 'this request already has a session: the handler is wrapped twice';
const stored = async () => (await store.get('id'))?.value;

function visits() {
  setSessionData((getSessionData<number>() ?? 0) + 1);
  return { statusCode: 200, body: String(getSessionData()) };
}

describe('at set-up', () => {
  test.each<[string, (inner: any) => unknown]>([
    ['session(session(handler))', (inner) => session(inner, { store })],
    ['a wrapper of session(options)', (inner) => session({ store })(inner)],
    ['streamingSession(session(handler))', (inner) => streamingSession(inner, { store })],
  ])('a handler that has a session already is refused: %s', (_, wrap) => {
    const inner = session(async () => visits(), { store });

    expect(() => wrap(inner)).toThrow(SessionOptionsError);
    expect(() => wrap(inner)).toThrow('got a handler that has a session already: wrap it once');
  });

  test('a method that is decorated twice is refused', () => {
    expect(() => {
      class Chat {
        @session({ store })
        @session({ store })
        async handler() { return visits(); }
      }
      return Chat;
    }).toThrow('got a handler that has a session already');
  });
});

describe('in a request', () => {
  test.each([
    ['the same event', (event: object) => event],
    ['a copy of the event', (event: object) => ({ ...event })],
  ])('a function between the two does not hide it: %s', async (_, pass) => {
    const inner = session(async () => visits(), { store });
    const outer = session(async (event: object) => inner(pass(event)), { store });

    for (const event of [httpApiV2Event({ 'session-id': 'id' }), restApiV1Event({ 'session-id': 'id' })]) {
      await expect(outer(event)).rejects.toThrow(TWICE);
    }
    expect(await stored()).toBeUndefined();
  });

  test.each<[string, (app: Hono) => Promise<number>]>([
    ['session() around Hono\'s adapter', async (app) => {
      app.use(sessions({ store })).all('/chat', (c) => c.text(visits().body));
      const handler = session(handle(app) as (event: any) => Promise<any>, { store });
      return (await handler(httpApiV2Event({ 'session-id': 'id' }))).statusCode;
    }],
    ['sessions() twice in one app', async (app) => {
      app.use(sessions({ store })).use(sessions({ store })).all('/chat', (c) => c.text(visits().body));
      return (await app.request('/chat', { headers: { 'session-id': 'id' } })).status;
    }],
    ['sessions() in an app and in a route of it', async (app) => {
      app.use(sessions({ store })).route('/', new Hono().use(sessions({ store })).all('/chat', (c) => c.text(visits().body)));
      return (await app.request('/chat', { headers: { 'session-id': 'id' } })).status;
    }],
    ['fetchSession() around Hono', async (app) => {
      app.use(sessions({ store })).all('/chat', (c) => c.text(visits().body));
      return (await fetchSession(app.fetch, { store })(new Request('http://localhost/chat', { headers: { 'session-id': 'id' } }))).status;
    }],
  ])('two adapters are refused: %s', async (_, request) => {
    const app = new Hono();
    const errors: string[] = [];
    app.onError((error, c) => { errors.push(error.message); return c.text('sorry', 500); });

    expect(await request(app)).toBe(500);
    expect(errors).toEqual([expect.stringContaining(TWICE)]);
    expect(JSON.stringify(await stored() ?? null)).not.toContain('"N"');
  });
});

describe('in a request whose response is streamed', () => {
  /** Lambda's global, which passes a streaming handler on as it is. */
  const awslambda = { streamifyResponse: (handler: unknown) => handler, HttpResponseStream: { from: (stream: unknown) => stream } };
  beforeEach(() => { Object.assign(globalThis, { awslambda }); });
  afterEach(() => { delete (globalThis as { awslambda?: unknown }).awslambda; });

  /** What the handler inside answers is streamed by the one outside. */
  const streamed = (inner: (event: object, context: object) => Promise<any>) => streamingSession(async (event: object, stream, context: object) => {
    stream.end((await inner(event, context)).body);
  }, { store, update: true });

  test('session() inside streamingSession() is refused', async () => {
    const handler = streamed(session(async () => visits(), { store, update: true }));

    await expect(handler(httpApiV2Event({ 'session-id': 'id' }), lambdaStream(), {})).rejects.toThrow(TWICE);
    expect(await stored()).toBeUndefined();
  });

  test('Hono\'s sessions() inside streamingSession() is refused', async () => {
    const app = new Hono();
    const errors: string[] = [];
    app.onError((error, c) => { errors.push(error.message); return c.text('sorry', 500); });
    app.use(sessions({ store })).all('/chat', (c) => c.text(visits().body));

    await streamed(handle(app) as (event: any, context: any) => Promise<any>)(httpApiV2Event({ 'session-id': 'id' }), lambdaStream(), {});
    expect(errors).toEqual([expect.stringContaining(TWICE)]);
    expect(JSON.stringify(await stored() ?? null)).not.toContain('"N"');
  });

  test('streamingSession() inside session() is refused', async () => {
    const inner = streamingSession(async (_event, stream) => { stream.end(visits().body); }, { store, update: true });
    const outer = session(async (event: object) => { await inner(event, lambdaStream(), {}); }, { store, update: true });

    await expect(outer(httpApiV2Event({ 'session-id': 'id' }))).rejects.toThrow(TWICE);
    expect(await stored()).toBeUndefined();
  });

  function lambdaStream(): any {
    return Object.assign(new PassThrough().resume(), { setContentType: () => undefined });
  }
});

describe('with middy', () => {
  const middyHandler = (base: (event: any) => unknown) => Object.assign(async (event: any) => base(event), { onError: () => undefined });
  const event = () => httpApiV2Event({ 'session-id': 'id' });

  test.each<[string, () => (event: any, context: any) => Promise<unknown>]>([
    ['session() around it', () => session(middySession(middyHandler(visits), { store }) as any, { store })],
    ['session() inside it', () => middySession(middyHandler(session(async () => visits(), { store }) as any), { store })],
    ['middySession() twice', () => middySession(middyHandler(middySession(middyHandler(visits), { store }) as any), { store })],
  ])('two sessions are refused: %s', async (_, wrap) => {
    await expect(wrap()(event(), {})).rejects.toThrow(TWICE);
    expect(await stored()).toBeUndefined();
  });
});

describe('in a request of a server on a port', () => {
  test('sessions() twice is refused', async () => {
    const [outer, inner] = [nodeSessions({ store }), nodeSessions({ store })];
    const errors: string[] = [];
    const server = createServer((request, response) => {
      const fail = (error?: unknown) => { errors.push(String(error)); response.writeHead(500).end(); };
      outer(request, response, (error) => error ? fail(error) : inner(request, response, (second) => {
        if (second) fail(second);
        else response.end(visits().body);
      }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'session-id': 'id', 'connection': 'close' } });

      expect(answer.status).toBe(500);
      expect(errors).toEqual([expect.stringContaining(TWICE)]);
    } finally {
      await new Promise((closed) => { server.close(closed); });
    }
  });

  test('fetchSession() twice is refused', async () => {
    const handler = fetchSession(fetchSession(() => new Response(visits().body), { store }), { store });

    await expect(handler(new Request('http://localhost/', { headers: { 'session-id': 'id' } }))).rejects.toThrow(TWICE);
    expect(JSON.stringify(await stored() ?? null)).not.toContain('"N"');
  });
});

describe('is not refused', () => {
  test('a handler that calls another one with an event of its own', async () => {
    const perRecord = session(async () => visits(), { store, update: true });
    const batch = session(async ({ records }: { records: string[] }) => {
      for (const id of records) await perRecord(bareEvent({ 'session-id': id }));
      return visits();
    }, { store, update: true });

    expect(await batch({ ...bareEvent({ 'session-id': 'batch' }), records: ['id', 'id'] })).toMatchObject({ body: '1' });
    expect(await stored()).toEqual({ N: '2' });
  });

  test('the same event again, when the first invocation has ended', async () => {
    const handler = session(async () => visits(), { store, update: true });
    const event = bareEvent({ 'session-id': 'id' });
    await handler(event);

    expect(await handler(event)).toMatchObject({ body: '2' });
  });

  test('the same event twice at the same time', async () => {
    const handler = session(async () => visits(), { store, update: true });
    const event = bareEvent({ 'session-id': 'id' });

    expect(await Promise.all([handler(event), handler(event)])).toHaveLength(2);
  });
});
