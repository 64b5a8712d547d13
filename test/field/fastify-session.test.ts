import { httpClient, whileListening } from './http-client';
import { DynamoDBStore, MemoryStore } from '../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../lambda-runtime/src/index.js';
import { useBundles } from '../fixtures/bundled.js';
import { recording } from '../fixtures/recording-store.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

jest.setTimeout(300_000);
const local = useLocalDynamoDB();
const bundles = useBundles();
let bundle: any;

beforeAll(() => {
  bundle = bundles.load(`
    export { default as fastify } from './test/field/node_modules/fastify/fastify.js';
    export { default as fastifyCookie } from './test/field/node_modules/@fastify/cookie/index.js';
    export { default as fastifySession } from './test/field/node_modules/@fastify/session/index.js';
    export { SessionTableStore } from 'cdk-session-table/lambda-runtime/express';
  `);
});

async function serve(store: SessionStore) {
  const app = bundle.fastify();
  await app.register(bundle.fastifyCookie);
  await app.register(bundle.fastifySession, {
    secret: 'a secret for tests of at least 32 characters',
    cookie: { secure: false, maxAge: 600_000 },
    saveUninitialized: false,
    store: new bundle.SessionTableStore({ store }),
  });
  app.get('/set/:field/:value', async (request: any) => {
    request.session[request.params.field] = request.params.value;
    return 'set';
  });
  app.get('/get', async (request: any) => {
    const { cookie, ...data } = request.session;
    return data;
  });
  app.get('/login', async (request: any) => {
    await request.session.regenerate();
    request.session.user = 'ada';
    return 'in';
  });
  app.get('/logout', async (request: any) => {
    await request.session.destroy();
    return 'out';
  });
  await app.ready();
  return app;
}

const data = async (client: ReturnType<typeof httpClient>) => JSON.parse((await client('/get')).body);

async function whileServing(store: SessionStore, steps: (client: ReturnType<typeof httpClient>, jar: Map<string, string>) => Promise<void>) {
  const app = await serve(store);
  const jar = new Map<string, string>();
  await whileListening(app.server, () => steps(httpClient(app.server, jar), jar));
  await app.close();
}

describe('@fastify/session on the session table', () => {
  test('keeps a session over requests, on DynamoDB', async () => {
    await whileServing(new DynamoDBStore({ tableName: await local.createTable() }), async (client) => {
      await client('/set/a/1');
      await client('/set/b/2');

      expect(await data(client)).toEqual({ a: '1', b: '2' });
    });
  });

  test('none of 1,000 pairs of concurrent requests that change different fields loses a change', async () => {
    await whileServing(new MemoryStore(), async (client) => {
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

  test('a login gives another id, a logout ends the session', async () => {
    await whileServing(new MemoryStore(), async (client, jar) => {
      await client('/set/visitor/1');
      const before = new Map(jar);
      await client('/login');
      expect(jar).not.toEqual(before);
      expect(await data(client)).toMatchObject({ user: 'ada' });

      await client('/logout');
      expect(await data(client)).toEqual({});
    });
  });

  test('a session that is only read is read once and not written', async () => {
    const recorded = recording(new MemoryStore());
    await whileServing(recorded, async (client) => {
      await client('/set/a/1');
      recorded.calls.length = 0;
      await client('/get');

      expect(recorded.calls).toEqual(['get']);
    });
  });
});
