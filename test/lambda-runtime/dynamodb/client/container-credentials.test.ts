import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { behindFaultProxy } from './behind-fault-proxy.js';
import { describeBothClients, rejection } from './both-clients.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import { close, endpointOf, listen } from '../../../fixtures/listening.js';

const HOUR_MS = 3_600_000;

/** The container's endpoint. */
let server: Server;
let asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
/** What it answers next, by default credentials that are good for an hour. */
let answers: { readonly status?: number; readonly body?: object | string; readonly silent?: boolean }[];
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'container-credentials-'));
  server = createServer(({ url, headers }, response) => {
    asked.push({ url: url!, headers });
    const { status = 200, body = credentials(), silent = false } = answers.shift() ?? {};
    if (!silent) response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await listen(server);
});
afterAll(async () => {
  await close(server);
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  asked = [];
  answers = [];
});
afterEach(() => jest.restoreAllMocks());

/** Those of the so-many-th answer. */
function credentials(lifeMs = HOUR_MS) {
  return { AccessKeyId: `KEY${asked.length}`, SecretAccessKey: 'the-secret', Token: `token-${asked.length}`, Expiration: new Date(Date.now() + lifeMs).toISOString() };
}

function useContainer(more: NodeJS.ProcessEnv = {}): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete process.env[name];
  Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpointOf(server)}/credentials?of=me`, ...more });
}

describeBothClients((create) => {
  const run = behindFaultProxy(create);
  const keysUsed = () => run.proxy.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization!)![1]);

  test('takes credentials from AWS_CONTAINER_CREDENTIALS_FULL_URI, with the token, once for many calls', async () => {
    useContainer({ AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Bearer of-the-container' });
    await Promise.all([run.count(), run.count(), run.count()]);
    await run.count();

    expect(keysUsed()).toEqual(['KEY1', 'KEY1', 'KEY1', 'KEY1']);
    expect(run.proxy.seen[0].headers['x-amz-security-token']).toBe('token-1');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ url: '/credentials?of=me', headers: { authorization: 'Bearer of-the-container' } });
  });

  test('reads the token file again for each request', async () => {
    const file = join(directory, 'token');
    useContainer({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
    writeFileSync(file, 'first');
    answers = [{ body: credentials(-1) }];
    await run.count();
    writeFileSync(file, 'second');
    await create().getItem({ TableName: run.tableName, Key: { key: { S: 'any' } } });

    expect(asked.map(({ headers }) => headers.authorization)).toContain('first');
    expect(asked.at(-1)!.headers.authorization).toBe('second');
  });

  test('refreshes credentials before they expire', async () => {
    useContainer();
    answers = [{ body: { ...credentials(240_000), AccessKeyId: 'OLD' } }];
    await run.count();
    await run.count();

    expect(keysUsed().at(-1)).toBe('KEY2');
    expect(asked).toHaveLength(2);
  });

  test('retries the container\'s endpoint', async () => {
    useContainer();
    answers = [{ status: 500, body: 'busy' }, { status: 503, body: '' }];
    await run.count();

    expect(keysUsed()).toEqual(['KEY3']);
  });

  test('prefers the keys in the environment', async () => {
    useContainer({ AWS_ACCESS_KEY_ID: 'ENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'the-secret' });
    await run.count();

    expect(keysUsed()).toEqual(['ENVIRONMENT']);
    expect(asked).toHaveLength(0);
  });
});

describe('lightweight client', () => {
  const run = behindFaultProxy(createLightweightClient);
  const keysUsed = () => run.proxy.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization!)![1]);

  test('goes on with credentials that still hold when a refresh fails, and does not ask at every call', async () => {
    useContainer();
    answers = [{ body: { ...credentials(240_000), AccessKeyId: 'OLD' } }, { status: 403, body: 'the-secret' }];
    for (let call = 0; call < 3; call++) await run.count();

    expect(keysUsed()).toEqual(['OLD', 'OLD', 'OLD']);
    expect(asked).toHaveLength(2);
  });

  test('refreshes by the wall clock after the sandbox was frozen', async () => {
    useContainer();
    await run.count();
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 2 * HOUR_MS);
    await run.count();

    expect(keysUsed()).toEqual(['KEY1', 'KEY2']);
  });

  test('an endpoint that is silent is asked again', async () => {
    useContainer();
    answers = [{ silent: true }];
    await run.count();

    expect(keysUsed()).toEqual(['KEY2']);
  });

  test('one call that is aborted while waiting takes nothing from the others; the last one ends the request', async () => {
    useContainer();
    answers = [{ silent: true }, { silent: true }];
    const first = new AbortController();
    const aborted = rejection(run.count({ abortSignal: first.signal }));
    const other = run.count();
    while (asked.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    first.abort();

    expect(await aborted).toMatchObject({ name: 'AbortError', $metadata: { attempts: 0 } });
    expect((await other).$metadata.attempts).toBe(1);

    const last = new AbortController();
    const lastAborted = rejection(createLightweightClient().getItem({ TableName: 'any', Key: {} }, { abortSignal: last.signal }));
    answers = [{ silent: true }];
    const before = asked.length;
    while (asked.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    last.abort();
    expect(await lastAborted).toMatchObject({ name: 'AbortError' });
  });

  test.each([
    [{ status: 403, body: '{"message":"the-secret"}' }, 'HTTP status 403'],
    [{ body: 'the-secret' }, 'the answer does not hold credentials'],
    [{ body: { AccessKeyId: 'the-secret' } }, 'the answer does not hold credentials'],
    [{ body: { AccessKeyId: 'a', SecretAccessKey: 'the-secret', Expiration: 'tomorrow' } }, 'the answer does not hold credentials'],
  ])('an endpoint that answers %j: the error says so, without what it answered', async (answer, message) => {
    useContainer();
    answers = [answer];
    const error = await rejection(run.count());

    expect(error).toMatchObject({ name: 'DynamoDBCredentialsError', $metadata: { attempts: 0 } });
    expect(error.message).toBe(`could not fetch credentials from the container's endpoint: ${message}`);
    expect(JSON.stringify([error.stack, error, error.cause?.stack, error.cause])).not.toContain('the-secret');
  });

  test('a token file that is not there is an error that names it', async () => {
    useContainer({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/no/such/token' });

    expect((await rejection(run.count())).message).toMatch(/could not fetch credentials.*\/no\/such\/token/);
  });

  test.each(['http://example.com/credentials', 'http://169.254.170.2.example.com/', 'ftp://localhost/', 'not a url', 'http://127.0.0.1.example.com/'])(
    'does not ask %s, which could be anybody', async (url) => {
      useContainer({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url });

      expect(await rejection(run.count())).toMatchObject({
        name: 'DynamoDBConfigurationError',
        message: expect.stringContaining('AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https URL, or an http URL of the machine itself'),
      });
    });

  test('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI goes before, to the endpoint of ECS', async () => {
    const http = process.getBuiltinModule('node:module').createRequire('/')('http');
    const request = jest.spyOn(http, 'request');
    useContainer({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1' });
    await rejection(run.count({ abortSignal: AbortSignal.timeout(100) }));

    expect(request).toHaveBeenCalledWith(expect.objectContaining({ hostname: '169.254.170.2', path: '/v2/credentials/1' }));
    expect(asked).toHaveLength(0);
  });

  test.each([
    [{ AWS_PROFILE: 'work' }, 'The profile "work" is not read'],
    [{ AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, 'Web identity tokens are not read'],
    [{}, 'Profiles, SSO and other sources are not read'],
  ])('with no credentials but %j: the error says what to pass as client', async (environment, message) => {
    useContainer(environment);
    delete process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI;

    const error = await rejection(run.count());
    expect(error.message).toContain(message);
    expect(error.message).toContain('pass `client`, for instance new DynamoDB({}) from @aws-sdk/client-dynamodb');
  });
});
