import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { type Server as HttpsServer, createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleSource } from '../../fixtures/bundle-source.js';
import { type Certificates, makeCertificates } from '../../fixtures/certificates.js';
import { bareEvent } from '../../fixtures/events.js';
import { startLambda } from '../../fixtures/lambda-runtime-api.js';
import { temporaryDirectory } from '../../fixtures/temporary-directory.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

/** What happens to a connection. */
type Fate = 'served' | 'late' | 'reset' | 'silent' | 'closed' | 'wrong certificate';

const dynamodb = useLocalDynamoDB();
const directory = temporaryDirectory();

const HANDLER = `session(async () => {
  setSessionData((getSessionData() ?? 0) + 1);
  return { statusCode: 200, body: String(getSessionData()) };
}, OPTIONS)`;

/** Bundles a handler into a directory of its own. */
function handlerWith(options = '{ update: true, ttl: 900 }', before = ''): string {
  const folder = join(directory, `${bundles++}`);
  mkdirSync(folder);
  bundleSource(`
    import * as runtime from './lambda-runtime/src/index.js';
    const { getSessionData, setSessionData, session } = runtime;
    ${before}
    export const handler = ${HANDLER.replace('OPTIONS', options)};
  `, 'cjs', join(folder, 'index.js'));
  return folder;
}
let bundles = 0;

let certificates: Certificates;
let plain: string;
let server: Server;
let connections: Socket[];
/** The fates of the connections to come; those after them are served. */
let fates: Fate[];
let https: HttpsServer;
let wrongHttps: HttpsServer;

const LATE_MS = 300;

const portOf = (each: Server | HttpsServer) => (each.address() as AddressInfo).port;

beforeAll(async () => {
  certificates = makeCertificates(directory);
  plain = handlerWith();
  https = createHttpsServer({ key: certificates.key, cert: certificates.chain }, (incoming, outgoing) => {
    const onward = request(dynamodb.endpoint, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  wrongHttps = createHttpsServer({ key: certificates.wrong.key, cert: certificates.wrong.chain });
  for (const each of [https, wrongHttps]) {
    each.on('tlsClientError', () => undefined);
    each.listen(0, '127.0.0.1');
    await once(each, 'listening');
  }
});
afterAll(() => [https, wrongHttps].forEach((each) => {
  each.close();
  each.closeAllConnections();
}));

let usesTls: boolean;
beforeEach(async () => {
  connections = [];
  fates = [];
  usesTls = false;
  server = createServer((socket) => {
    connections.push(socket.on('error', () => undefined));
    const fate = fates.shift() ?? 'served';
    if (fate === 'reset') socket.resetAndDestroy();
    if (fate === 'closed') socket.end();
    if (fate === 'late') setTimeout(serve, LATE_MS);
    if (fate === 'served' || fate === 'wrong certificate') serve();
    function serve(): void {
      const port = fate === 'wrong certificate' ? portOf(wrongHttps) : usesTls ? portOf(https) : Number(new URL(dynamodb.endpoint).port);
      const onward = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.pipe(onward).pipe(socket);
      socket.on('close', () => onward.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  connections.forEach((socket) => socket.destroy());
});

async function start(folder: string, environment: Record<string, string> = {}) {
  return startLambda({
    directory: folder,
    handler: 'index.handler',
    environment: {
      SESSION_LAMBDA_DYNAMODB_TABLE_NAME: await dynamodb.createTable(),
      ...!('AWS_ENDPOINT_URL_DYNAMODB' in environment) && { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${portOf(server)}` },
      ...environment,
    },
  });
}

/** What was logged, beside what the runtime client itself says at its start. */
const linesOf = (log: string) => log.split('\n').filter((line) => line !== '' && !line.startsWith('Executing '));

/** Long enough for a connection that is opened in the background. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 300));

const tls = () => {
  usesTls = true;
  return { AWS_ENDPOINT_URL_DYNAMODB: `https://localhost:${portOf(server)}`, NODE_EXTRA_CA_CERTS: certificates.rootFile };
};

describe('in Lambda, on demand', () => {
  test.each([['http', () => ({})], ['https', tls]])('a connection is open before the first invocation, which uses it (%s)', async (_, environment) => {
    const lambda = await start(plain, environment());
    while (connections.length < 1) await aWhile();
    const { body } = await lambda.invoke(bareEvent({ 'session-id': 'visitor' }));
    const second = await lambda.invoke(bareEvent({ 'session-id': 'visitor' }));
    const log = linesOf(await lambda.stop());

    expect([body, second.body]).toEqual(['1', '2']);
    expect(connections).toHaveLength(1);
    expect(log).toEqual([]);
  }, 30_000);

  test('several handlers open one connection', async () => {
    const lambda = await start(handlerWith('{ update: true }', 'session(async () => {}, {}); session(async () => {}, { ttl: 60 });'));
    await aWhile();
    await lambda.invoke(bareEvent());
    await lambda.stop();

    expect(connections).toHaveLength(1);
  }, 30_000);

  describe.each<[string, Fate]>([
    ['is reset', 'reset'], ['is silent', 'silent'], ['is closed', 'closed'], ['shows a wrong certificate', 'wrong certificate'],
  ])('a connection opened before the first invocation that %s', (_, fate) => {
    test.each([0, 300])('fails no invocation, and is not logged (%d ms between)', async (gapMs) => {
      fates = [fate];
      const lambda = await start(plain, fate === 'wrong certificate' ? tls() : {});
      await new Promise((resolve) => setTimeout(resolve, gapMs));
      const answers = [await lambda.invoke(bareEvent({ 'session-id': 'visitor' })), await lambda.invoke(bareEvent({ 'session-id': 'visitor' }))];
      const log = linesOf(await lambda.stop());

      expect(answers.map(({ body }) => body)).toEqual(['1', '2']);
      expect(log).toEqual([]);
    }, 30_000);
  });

  test('a connection that is refused before the first invocation fails none', async () => {
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    const lambda = await start(plain, { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` });
    await aWhile();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const { body } = await lambda.invoke(bareEvent());
    const log = linesOf(await lambda.stop());

    expect(body).toBe('1');
    expect(log).toEqual([]);
  }, 30_000);

  test.each([
    ['a host that DNS does not know', { AWS_ENDPOINT_URL_DYNAMODB: 'http://no-such-host.invalid' }, /ENOTFOUND|EAI_AGAIN/],
    ['an endpoint that is no URL', { AWS_ENDPOINT_URL_DYNAMODB: 'nonsense' }, /must be a URL/],
    ['no region', { AWS_REGION: '', AWS_DEFAULT_REGION: '' }, /no AWS region/],
    ['no credentials', { AWS_ACCESS_KEY_ID: '' }, /no AWS credentials/],
  ])('with %s it is the invocation that fails, as ever, and not the start', async (_, environment, message) => {
    const lambda = await start(plain, environment as Record<string, string>);
    await aWhile();
    const outcome = await lambda.invoke(bareEvent({ 'session-id': 'visitor' })).catch((error: Error) => error);
    await lambda.stop();

    expect(lambda.initError).toBeUndefined();
    expect(String(outcome)).toMatch(message);
  }, 60_000);
});

describe('a module that awaits sessionStoreReady()', () => {
  const waiting = () => {
    const folder = join(directory, `${bundles++}`);
    mkdirSync(folder);
    bundleSource(`
      import { getSessionData, session, sessionStoreReady, setSessionData } from './lambda-runtime/src/index.js';
      export const handler = session(async () => {
        setSessionData((getSessionData() ?? 0) + 1);
        return { statusCode: 200, body: JSON.stringify({ visits: getSessionData(), waitedMs }) };
      }, { update: true, ttl: 900 });
      const start = performance.now();
      await sessionStoreReady();
      const waitedMs = performance.now() - start;
    `, 'esm', join(folder, 'index.mjs'));
    return folder;
  };
  const visit = async (lambda: Awaited<ReturnType<typeof start>>) => JSON.parse((await lambda.invoke(bareEvent({ 'session-id': 'visitor' }))).body);

  test('waits for the TLS handshake, and the first invocation sends its request over that connection', async () => {
    fates = ['late'];
    const lambda = await start(waiting(), tls());
    const { visits, waitedMs } = await visit(lambda);
    const log = linesOf(await lambda.stop());

    expect(visits).toBe(1);
    expect(waitedMs).toBeGreaterThan(LATE_MS / 2);
    expect(connections).toHaveLength(1);
    expect(log).toEqual([]);
  }, 30_000);

  test.each<Fate>(['reset', 'closed', 'silent', 'wrong certificate'])('starts and serves although the connection meets this: %s', async (fate) => {
    fates = [fate];
    const lambda = await start(waiting(), tls());
    const { visits } = await visit(lambda);
    const log = linesOf(await lambda.stop());

    expect(visits).toBe(1);
    expect(lambda.initError).toBeUndefined();
    expect(log).toEqual([]);
  }, 30_000);

  test.each([
    ['switched off', { SESSION_LAMBDA_WARM_UP: 'off' }], ['with provisioned concurrency', { AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' }],
  ])('opens no connection %s', async (_, environment) => {
    const lambda = await start(waiting(), environment as Record<string, string>);
    await aWhile();
    const before = connections.length;
    await visit(lambda);
    await lambda.stop();

    expect(before).toBe(0);
  }, 30_000);

  test('ends by itself outside Lambda', async () => {
    await promisify(execFile)(process.execPath, [join(waiting(), 'index.mjs')], {
      env: { ...process.env, SESSION_LAMBDA_DYNAMODB_TABLE_NAME: 'any', AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${portOf(server)}` },
      timeout: 20_000,
    });

    expect(connections).toHaveLength(0);
  }, 30_000);
});

test.each<[string, () => string, Record<string, string>]>([
  ['switched off', () => plain, { SESSION_LAMBDA_WARM_UP: 'off' }],
  ['with provisioned concurrency', () => plain, { AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' }],
  ['with SnapStart', () => plain, { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start' }],
  ['with the option store', () => handlerWith('{ update: true, store: new runtime.MemoryStore() }'), {}],
  ['with the option client', () => handlerWith('{ update: true, client: { getItem() {}, putItem() {} } }'), {}],
  ['with a store that is configured after session()', () => handlerWith('{ update: true }', 'session(async () => {}); runtime.useStore(new runtime.MemoryStore());'), {}],
])('no connection is opened %s', async (_, folder, environment) => {
  const lambda = await start(folder(), environment);
  await aWhile();
  await lambda.stop();

  expect(lambda.initError).toBeUndefined();
  expect(connections).toHaveLength(0);
}, 30_000);

test.each([
  ['outside Lambda', {}],
  ['where only the variables of a function are set, as in tests', { AWS_LAMBDA_FUNCTION_NAME: 'fn' }],
])('no connection is opened, and nothing loaded, %s', async (_, environment) => {
  const script = `require(${JSON.stringify(join(plain, 'index.js'))}); setTimeout(() => console.log(process.moduleLoadList.filter((name) => / (https?|tls)$/.test(name)).join()), 200)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    env: { ...process.env, ...environment, SESSION_LAMBDA_DYNAMODB_TABLE_NAME: 'any', AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${portOf(server)}` },
  });

  expect(stdout.trim()).toBe('');
  expect(connections).toHaveLength(0);
});

test('what is rehearsed before the first invocation is shown to no subscriber, and neither calls nor changes anything of the user', async () => {
  const watching = `
    import { tracingChannel } from 'node:diagnostics_channel';
    let seen = 0;
    const see = () => { seen++; };
    for (const name of ['load', 'save', 'touch', 'destroy']) {
      tracingChannel('cdk-session-table.' + name).subscribe({ start: see, end: see, asyncStart: see, asyncEnd: see, error: see });
    }
    const schema = { '~standard': { version: 1, vendor: 'own', validate: (value) => { see(); return { value }; } } };
    const sessionId = (event) => { seenBefore ??= seen; return event.headers['session-id']; };
    let seenBefore;
    export const handlerThatTells = session(async () => ({ statusCode: 200, body: String(seenBefore) }), { update: true, ttl: 900, schema, sessionId });
  `;
  const folder = handlerWith('{ update: true, ttl: 900 }', watching);
  const lambda = await startLambda({
    directory: folder,
    handler: 'index.handlerThatTells',
    environment: { SESSION_LAMBDA_DYNAMODB_TABLE_NAME: await dynamodb.createTable(), AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${portOf(server)}` },
  });
  while (connections.length < 1) await aWhile();
  const { body } = await lambda.invoke(bareEvent({ 'session-id': 'visitor' }));
  await lambda.stop();

  expect(body).toBe('0');
}, 30_000);

test.each<Fate>(['served', 'silent'])('the process ends by itself although a connection is open that is %s', async (fate) => {
  fates = [fate];
  await promisify(execFile)(process.execPath, [join(plain, 'index.js')], {
    env: {
      ...process.env,
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      SESSION_LAMBDA_DYNAMODB_TABLE_NAME: 'any',
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${portOf(server)}`,
    },
    timeout: 20_000,
  });
}, 30_000);
