import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { httpClient, whileListening } from './http-client';
import { sessions } from '../../lambda-runtime/src/adapters/node.js';
import {
  DynamoDBStore, MemoryStore, NoActiveSessionError, SessionStoreError, cookieTransport, currentSession, getSessionData, setSessionData,
} from '../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../lambda-runtime/src/index.js';
import { recording } from '../fixtures/recording-store.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

const local = useLocalDynamoDB();
const transport = cookieTransport();

/** A server of `node:http` alone, the errors of which are answered with 500. */
function serve(options: Parameters<typeof sessions>[0], handler: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const errors: unknown[] = [];
  const withSession = sessions(options);
  const listener: RequestListener = (request, response) => withSession(request, response, (error) => {
    if (error !== undefined) {
      errors.push(error);
      response.writeHead(500).end('failed');
      return undefined;
    }
    return handler(request, response);
  });
  return { server: createServer(listener), errors };
}

function countVisit(): string {
  const visits = (getSessionData<number>() ?? 0) + 1;
  setSessionData(visits);
  return `${visits}`;
}

/** Bytes of the heap that are in use after everything unreachable is gone. */
async function heapInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  await sleep(50);
  collect();
  return process.memoryUsage().heapUsed;
}

const failing = (store: SessionStore, method: 'get' | 'create'): SessionStore => ({
  ...recording(store), [method]: async () => { throw new SessionStoreError('the store is down'); },
});

describe('a server of node:http', () => {
  test('has sessions in cookies, on DynamoDB', async () => {
    const store = new DynamoDBStore({ tableName: await local.createTable() });
    const { server } = serve({ store, update: true, ttl: 60, transport }, (_, response) => response.end(countVisit()));
    await whileListening(server, async () => {
      const client = httpClient(server);
      const other = httpClient(server);

      expect([(await client('/')).body, (await client('/')).body, (await other('/')).body]).toEqual(['1', '2', '1']);
    });
  });

  test.each<[string, (response: ServerResponse) => unknown]>([
    ['writeHead with an object', (response) => response.writeHead(201, { 'x-mine': 'kept', 'set-cookie': 'own=1' }).end(countVisit())],
    ['writeHead with a message and a flat list', (response) => response.writeHead(201, 'Made', ['x-mine', 'kept', 'set-cookie', 'own=1']).end(countVisit())],
    ['setHeader', (response) => {
      response.statusCode = 201;
      response.setHeader('x-mine', 'kept').setHeader('set-cookie', 'own=1').end(countVisit());
    }],
  ])('sends its own headers by %s beside the session\'s', async (_, respond) => {
    const { server } = serve({ store: new MemoryStore(), update: true, transport }, (_request, response) => respond(response));
    await whileListening(server, async () => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as { port: number }).port}`);

      expect([response.status, response.headers.get('x-mine'), response.headers.get('cache-control')]).toEqual([201, 'kept', 'no-store']);
      expect(response.headers.getSetCookie()).toEqual(['own=1', expect.stringMatching(/^__Host-session=[\w-]{43};/)]);
    });
  });

  test('is saved when the headers arrive', async () => {
    const store = new MemoryStore();
    const { server } = serve({ store, update: true }, (_, response) => response.end(countVisit()));
    await whileListening(server, async () => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as { port: number }).port}`);

      expect((await store.get(response.headers.get('session-id')!))?.value).toEqual({ N: '1' });
      await response.text();
    });
  });

  test('streams: the id goes out with the headers, the session is saved before the end', async () => {
    const { server } = serve({ store: new MemoryStore(), update: true, transport }, async (_, response) => {
      const before = getSessionData<string[]>() ?? [];
      setSessionData([...before, 'first']);
      response.write(JSON.stringify(before));
      await sleep(10);
      setSessionData([...before, 'first', 'late']);
      await pipeline(Readable.from(['.', '.']), response);
    });
    await whileListening(server, async () => {
      const client = httpClient(server);

      expect((await client('/')).body).toBe('[]..');
      expect((await client('/')).body).toBe('["first","late"]..');
    });
  });

  test('is answered by its own error handler if the session cannot be loaded or saved', async () => {
    for (const method of ['get', 'create'] as const) {
      const { server, errors } = serve({ store: failing(new MemoryStore(), method) }, (_, response) => response.end(countVisit()));
      await whileListening(server, async () => {
        const response = await fetch(`http://127.0.0.1:${(server.address() as { port: number }).port}`, { headers: { 'session-id': 'one' } });

        expect([response.status, await response.text()]).toEqual([500, 'failed']);
        expect(errors).toEqual([expect.any(SessionStoreError)]);
      });
    }
  });

  test('breaks off a streamed response whose session cannot be saved', async () => {
    const { server } = serve({ store: failing(new MemoryStore(), 'create') }, (_, response) => {
      setSessionData('set');
      response.write('begun');
      response.end();
    });
    await whileListening(server, async () => {
      const { port } = server.address() as { port: number };
      const response = await fetch(`http://127.0.0.1:${port}`).then((answer) => answer.text()).catch((error: Error) => error);

      expect(response).toMatchObject({ name: 'TypeError' });
    });
  });

  test('saves nothing if the handler rejects before the response', async () => {
    const recorded = recording(new MemoryStore());
    const { server, errors } = serve({ store: recorded, update: true }, async () => {
      countVisit();
      throw new TypeError('mine');
    });
    await whileListening(server, async () => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as { port: number }).port}`);

      expect(response.status).toBe(500);
      expect(errors).toEqual([new TypeError('mine')]);
      expect(recorded.calls).toEqual([]);
    });
  });

  test('ends with the response: what is left behind finds no session', async () => {
    let leftBehind!: () => unknown;
    const { server } = serve({ store: new MemoryStore() }, (_, response) => {
      const session = currentSession();
      leftBehind = () => session.data;
      response.end();
    });
    await whileListening(server, async () => {
      await httpClient(server)('/');

      expect(() => leftBehind()).toThrow(NoActiveSessionError);
    });
  });

  test('64 clients at the same time, for 100,000 requests in one process, see each their own session', async () => {
    const store = new MemoryStore();
    const { server } = serve({ store, update: true }, async (request, response) => {
      const user = request.headers['session-id'];
      const seen = getSessionData<{ user: string; visits: number }>() ?? { user, visits: 0 };
      await new Promise((resolve) => { setImmediate(resolve); });
      setSessionData({ user, visits: seen.visits + 1 });
      response.end(seen.user === user ? '' : 'another\'s');
    });
    const emit = (user: string) => new Promise<string>((resolve) => {
      const request = { method: 'GET', url: '/', headers: { 'session-id': user } } as unknown as IncomingMessage;
      const response = new (jest.requireActual<typeof import('node:http')>('node:http').ServerResponse)({ method: 'GET' } as IncomingMessage);
      const end = response.end.bind(response);
      response.end = ((chunk?: string) => { resolve(chunk ?? ''); return end(chunk); }) as typeof response.end;
      server.emit('request', request, response);
    });
    const wrong: string[] = [];
    const heap: number[] = [];
    for (let round = 1; round <= 1563; round++) {
      const answers = await Promise.all(Array.from({ length: 64 }, (_, client) => emit(`user-${client}`)));
      wrong.push(...answers.filter((answer) => answer !== ''));
      if (round === 157 || round === 1563) {
        heap.push(await heapInUse());
      }
    }

    expect(heap[1] - heap[0]).toBeLessThan(8 * 1024 * 1024);
    expect(wrong).toEqual([]);
    expect((await store.get('user-7'))?.value).toMatchObject({ M: { visits: { N: '1563' } } });
  }, 300_000);
});

describe('a middleware of Express', () => {
  test('keeps the session over requests, beside other middlewares', async () => {
    const app = express();
    app.use(sessions({ store: new MemoryStore(), update: true, transport }));
    app.use((_request, response, next) => { response.setHeader('x-other', '1'); next(); });
    app.get('/visit', (_request, response) => { response.json({ visits: Number(countVisit()) }); });
    app.get('/login', (_request, response) => { currentSession().set('ada'); currentSession().regenerate(); response.redirect('/'); });
    app.get('/logout', async (_request, response) => { await currentSession().destroy(); response.sendStatus(204); });
    const server = createServer(app);
    await whileListening(server, async () => {
      const jar = new Map<string, string>();
      const client = httpClient(server, jar);
      expect(JSON.parse((await client('/visit')).body)).toEqual({ visits: 1 });
      const before = jar.get('__Host-session');
      expect(JSON.parse((await client('/visit')).body)).toEqual({ visits: 2 });
      await client('/login');
      expect(jar.get('__Host-session')).not.toBe(before);

      const { setCookies } = await client('/logout');
      expect(setCookies).toEqual([expect.stringMatching(/^__Host-session=; Max-Age=0/)]);
    });
  });

  test('hands an error of the store to Express', async () => {
    const app = express();
    app.use(sessions({ store: failing(new MemoryStore(), 'create') }));
    app.get('/', (_request, response) => { setSessionData(1); response.send('fine'); });
    app.use((error: Error, _request: unknown, response: express.Response, _next: unknown) => { response.status(503).send(error.name); });
    const server = createServer(app);
    await whileListening(server, async () => {
      expect(await httpClient(server)('/')).toMatchObject({ status: 503, body: 'SessionStoreError' });
    });
  });
});
