import { createServer } from 'node:http';
import express from 'express';
import expressSession from 'express-session';
import { httpClient, whileListening } from './http-client';
import { SessionTableStore } from '../../lambda-runtime/src/adapters/express.js';
import { sessions } from '../../lambda-runtime/src/adapters/node.js';
import { DynamoDBStore, MemoryStore, SessionConflictError, cookieTransport, getSessionData, setSessionData } from '../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../lambda-runtime/src/index.js';
import { recording } from '../fixtures/recording-store.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

jest.setTimeout(300_000);
const local = useLocalDynamoDB();

/** Routes that a test needs, on a session of express-session's. */
function serve(store: SessionStore, options: object = {}, storeOptions: object = {}) {
  const errors: unknown[] = [];
  const app = express();
  app.use(expressSession({
    store: new SessionTableStore({ store, ...storeOptions }),
    secret: 'a secret for tests',
    resave: false,
    saveUninitialized: false,
    ...options,
  }));
  const gates = new Map<string, { readonly opened: Promise<void>; readonly reached: Promise<void>; open(): void; reach(): void }>();
  const gate = (name: string) => {
    if (!gates.has(name)) {
      let open!: () => void;
      let reach!: () => void;
      const opened = new Promise<void>((resolve) => { open = resolve; });
      const reached = new Promise<void>((resolve) => { reach = resolve; });
      gates.set(name, { open, opened, reach, reached });
    }
    return gates.get(name)!;
  };
  app.get('/set/:field/:value', async (request: any, response) => {
    if (request.query.gate) {
      gate(request.query.gate).reach();
      await gate(request.query.gate).opened;
    }
    request.session[request.params.field] = request.params.value;
    response.send('set');
  });
  app.get('/get', (request: any, response) => {
    const { cookie, ...data } = request.session;
    response.json(data);
  });
  app.get('/cookie', (request: any, response) => response.json(request.session.cookie));
  app.get('/save-twice', (request: any, response, next) => {
    request.session.first = 1;
    request.session.save((error: unknown) => {
      if (error) return next(error);
      request.session.second = 2;
      response.send('saved');
    });
  });
  app.get('/login', (request: any, response, next) => {
    request.session.regenerate((error: unknown) => {
      if (error) return next(error);
      request.session.user = 'ada';
      response.send('in');
    });
  });
  app.get('/logout', (request: any, response, next) => request.session.destroy((error: unknown) => (error ? next(error) : response.send('out'))));
  app.use((error: unknown, _request: unknown, _response: unknown, _next: unknown) => { errors.push(error); });
  return { server: createServer(app), errors, gate };
}

const data = async (client: ReturnType<typeof httpClient>) => JSON.parse((await client('/get')).body);

describe('express-session on the session table', () => {
  test('keeps a session over requests and processes, on DynamoDB', async () => {
    const tableName = await local.createTable();
    const jar = new Map<string, string>();
    for (const path of ['/set/a/1', '/set/b/2']) {
      const { server } = serve(new DynamoDBStore({ tableName }));
      await whileListening(server, async () => { await httpClient(server, jar)(path); });
    }
    const { server } = serve(new DynamoDBStore({ tableName }));

    await whileListening(server, async () => { expect(await data(httpClient(server, jar))).toEqual({ a: '1', b: '2' }); });
  });

  test('none of 1,000 pairs of concurrent requests that change different fields loses a change', async () => {
    const { server } = serve(new MemoryStore());
    await whileListening(server, async () => {
      const client = httpClient(server);
      await client('/set/begin/1');
      let lost = 0;
      for (let i = 0; i < 1000; i++) {
        await Promise.all([client(`/set/a/${i}`), client(`/set/b/${i}`)]);
        const { a, b } = await data(client);
        lost += Number(a !== `${i}` || b !== `${i}`);
      }

      expect(lost).toBe(0);
    });
  });

  test('a logout during a request is not undone, and the request learns of it', async () => {
    const { server, errors, gate } = serve(new MemoryStore());
    await whileListening(server, async () => {
      const jar = new Map<string, string>();
      const client = httpClient(server, jar);
      let undone = 0;
      for (let i = 0; i < 1000; i++) {
        jar.clear();
        await client('/set/user/ada');
        const before = new Map(jar);
        const slow = httpClient(server, before)(`/set/late/1?gate=${i}`);
        await gate(`${i}`).reached;
        await client('/logout');
        gate(`${i}`).open();
        await slow;
        undone += Number(Object.keys(await data(httpClient(server, before))).length > 0);
      }

      expect(undone).toBe(0);
      expect(errors).toHaveLength(1000);
      expect(errors.every((error) => error instanceof SessionConflictError)).toBe(true);
    });
  });

  test('a session saved twice in one request keeps both changes, beside those of others', async () => {
    const { server } = serve(new MemoryStore());
    await whileListening(server, async () => {
      const client = httpClient(server);
      await client('/set/mine/1');
      await client('/save-twice');

      expect(await data(client)).toEqual({ mine: '1', first: 1, second: 2 });
    });
  });

  test('a login by regenerate() leaves the old id worth nothing', async () => {
    const { server } = serve(new MemoryStore());
    await whileListening(server, async () => {
      const jar = new Map<string, string>();
      const client = httpClient(server, jar);
      await client('/set/visitor/1');
      const before = new Map(jar);
      await client('/login');

      expect(await data(client)).toEqual({ user: 'ada' });
      expect(await data(httpClient(server, before))).toEqual({});
    });
  });

  test('an unchanged session costs one read, and one write more when a tenth of its time has passed', async () => {
    const recorded = recording(new MemoryStore());
    const { server } = serve(recorded, { cookie: { maxAge: 100_000 } });
    await whileListening(server, async () => {
      const client = httpClient(server);
      await client('/set/a/1');
      recorded.calls.length = 0;
      await client('/get');
      const early = recorded.calls.splice(0);
      const later = Date.now() + 11_000;
      jest.spyOn(Date, 'now').mockImplementation(() => later);
      await client('/get');

      expect([early, recorded.calls]).toEqual([['get'], ['get', 'touch']]);
    });
    jest.restoreAllMocks();
  });

  test('the cookie keeps its maxAge, and its expiry is the session\'s', async () => {
    const { server } = serve(new MemoryStore(), { cookie: { maxAge: 60_000 } });
    await whileListening(server, async () => {
      const client = httpClient(server);
      const before = Date.now();
      await client('/set/a/1');
      const cookie = JSON.parse((await client('/cookie')).body);

      expect(cookie).toMatchObject({ originalMaxAge: 60_000, httpOnly: true, path: '/' });
      expect(new Date(cookie.expires).getTime()).toBeGreaterThan(before + 57_000);
      expect(new Date(cookie.expires).getTime()).toBeLessThanOrEqual(Date.now() + 61_000);
    });
  });

  test('a session of a browser-session cookie lives for a day', async () => {
    const { server } = serve(new MemoryStore());
    await whileListening(server, async () => {
      const client = httpClient(server);
      await client('/set/a/1');
      const begun = Date.now();
      const at = (hours: number) => jest.spyOn(Date, 'now').mockImplementation(() => begun + hours * 3_600_000);
      expect(JSON.parse((await client('/cookie')).body)).toMatchObject({ originalMaxAge: null, expires: null });

      at(23);
      expect(await data(client)).toEqual({ a: '1' });

      at(48);
      expect(await data(client)).toEqual({});
    });
    jest.restoreAllMocks();
  });

  test.each(['all', 'length', 'clear'] as const)('%s() is refused in words', (method) => {
    const callback = jest.fn();
    new SessionTableStore({ store: new MemoryStore() })[method](callback);

    expect(callback).toHaveBeenCalledWith(expect.objectContaining({ message: expect.stringContaining('the whole table') }));
  });

  test('stands beside sessions() on one table: two sessions, each with a cookie of its own', async () => {
    const store = new MemoryStore();
    const app = express();
    app.use(sessions({ store, update: true, ttl: 900, transport: cookieTransport() }));
    app.use(expressSession({ store: new SessionTableStore({ store }), secret: 'a secret for tests', resave: false, saveUninitialized: false }));
    app.get('/', (request: any, response) => {
      request.session.visits = (request.session.visits ?? 0) + 1;
      setSessionData((getSessionData<number>() ?? 0) + 1);
      response.json([request.session.visits, getSessionData()]);
    });
    app.get('/logout', (request: any, response) => request.session.destroy(() => response.send('out')));
    const server = createServer(app);
    await whileListening(server, async () => {
      const client = httpClient(server);
      const bodies: string[] = [];
      for (const path of ['/', '/', '/logout', '/']) bodies.push((await client(path)).body);

      expect(bodies).toEqual(['[1,1]', '[2,2]', 'out', '[1,3]']);
    });
  });

  test('an option of another kind is refused at set-up', () => {
    expect(() => new SessionTableStore({ transport: {} } as object)).toThrow('there is no option transport for SessionTableStore');
  });
});
