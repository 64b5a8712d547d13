import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { TracingChannel } from 'node:diagnostics_channel';
import { PassThrough } from 'node:stream';
import { transformSync } from 'esbuild';
import { type CodeBlock, codeBlocks, codeInLines } from './code-blocks';
import { run } from '../e2e/run';
import { useBundles } from '../fixtures/bundled.js';
import { startFunctionServer } from '../fixtures/function-server';

/*
 * Runs each sample of a handler in the README and in docs/: an added block fails `every sample has a scenario` until it is given one
 * here, under its page and the name that follows the language.
 */
const bundles = useBundles();
const blocks = codeBlocks().filter(({ runner }) => runner === 'handler-samples.test.ts');

/** A sample's exports, and the package of which it has a copy. */
interface Sample {
  readonly handler: any;
  readonly [name: string]: any;
}

function load(block: CodeBlock, prelude = ''): Sample {
  const { code } = block.language === 'mts' ? transformSync(block.code, { loader: 'ts' }) : block;
  return bundles.load(`
    export { invoke } from 'cdk-session-table/lambda-runtime/testing';
    export * as runtime from 'cdk-session-table/lambda-runtime';
    ${prelude}
    ${code.replace(/^import .* from '\.\/.*';$/gm, '')}`);
}

const inMemory = (sample: Sample) => sample.runtime.initSessionStore({ runtime: true });

async function twoVisits({ handler, invoke }: Sample, request: object = {}): Promise<string[]> {
  const first = await invoke(handler, request);
  const second = await invoke(handler, { ...request, headers: first.headers, cookies: first.cookies });
  return [first.body, second.body];
}

/** What the sample writes by console.log. */
const LINES = 'export const lines = []; const console = { log: (...line) => lines.push(line) };';

type Scenario = [expected: unknown, scenario: (sample: Sample) => Promise<unknown>, prelude?: string];

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'README.md visits': [['1', '2'], (sample) => twoVisits(sample)],
  'README.md deploy': [['visit 1 of /hello\n', 'visit 2 of /hello\n'], (sample) => twoVisits(sample, { path: '/hello' })],
  'README.md counter': ['42', async ({ handler, invoke }) => {
    const { headers } = await invoke(handler);
    await Promise.all(Array.from({ length: 40 }, () => invoke(handler, { headers })));
    return (await invoke(handler, { headers })).body;
  }],
  'README.md sign-in': [[[200, [['laptop', false], ['phone', true]]], [200, []], [401, ''], [401, '']], async ({ handler, invoke, runtime }) => {
    const options = { transport: runtime.cookieTransport(), hashIds: true };
    const logIn = (device: string) => invoke(handler, { path: '/login', body: { user: 'user-1', device }, options });
    const [laptop, phone] = [await logIn('laptop'), await logIn('phone')];
    const visit = async (path: string, { cookies }: { cookies: object }) => {
      const { statusCode, body } = await invoke(handler, { path, cookies, options });
      return [statusCode, body && JSON.parse(body).map((device: any) => [device.label, device.isCurrent]).sort()];
    };
    return [await visit('/', phone), await visit('/sign-out-everywhere', phone), await visit('/', phone), await visit('/', laptop)];
  }],
  'README.md conversation': [[
    ['user: hello', 'assistant: You said: hello', 'user: and more', 'assistant: You said: and more'],
    ['user: hi', 'assistant: You said: hi'],
  ], async ({ handler, invoke }) => {
    const say = async (body: string, headers?: object) => invoke(handler, { body, headers });
    const texts = ({ body }: { body: string }) => JSON.parse(body).map(({ role, text }: any) => `${role}: ${text}`);
    const first = await say('hello');
    return [texts(await say('and more', first.headers)), texts(await say('hi'))];
  }],
  'docs/handlers.md life': [[{ name: 'Ada', visits: 1 }, true, undefined], async ({ handler, invoke }) => {
    const login = await invoke(handler, { path: '/login' });
    const visit = await invoke(handler, { headers: login.headers });
    const again = await invoke(handler, { path: '/login', headers: login.headers });
    const logout = await invoke(handler, { path: '/logout', headers: again.headers });
    return [visit.session, again.headers['session-id'] !== login.headers['session-id'], logout.session];
  }],
  'docs/handlers.md cookie': [[expect.stringMatching(/^__Host-session=[\w-]{43}%20[\da-z-]+; Max-Age=1800; Path=\/; HttpOnly; Secure; SameSite=Strict$/i)], async ({ handler, invoke }) =>
    (await invoke(handler)).setCookies],
  'docs/handlers.md room': [['["hello"]', '["hello","hi"]', '["elsewhere"]'], async ({ handler, invoke }) => {
    const say = async (room: string, message: string) => (await invoke(handler, { query: { room }, body: { message } })).body;
    return [await say('tea', 'hello'), await say('tea', 'hi'), await say('coffee', 'elsewhere')];
  }],
  'docs/handlers.md schema': [['tea,milk', 'SessionDataError'], async ({ handler, invoke }) => [
    (await invoke(handler, { session: { items: ['tea', 'milk'] } })).body,
    await invoke(handler, { session: { items: 'tea' } }).catch(({ name }: Error) => name),
  ]],
  'docs/handlers.md lex': [{ intent: 'Order' }, async ({ handler, runtime }) => {
    await handler({ sessionId: 'lex-1', sessionState: { intent: { name: 'Order' } } });
    return runtime.session(async () => runtime.getSessionData(), { sessionId: (event: any) => event.sessionId })({ sessionId: 'lex-1' });
  }],
  'docs/handlers.md streaming': [['hello', { asked: '/streamed' }], async ({ handler, runtime }) => {
    const stream = Object.assign(new PassThrough(), { setContentType: () => undefined });
    const parts: string[] = [];
    stream.on('data', (part) => parts.push(`${part}`));
    const headers = { 'session-id': 'known' };
    await handler({ version: '2.0', rawPath: '/streamed', headers, requestContext: { http: {} } }, stream, {});
    return [parts.join(''), await runtime.session(async () => runtime.getSessionData())({ headers })];
  }, 'globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: { from: (stream) => stream } };'],
  'docs/conversations.md conversation': [['hello', 'You said: hello', 'bye', 'You said: bye'], async ({ handler, invoke }) => {
    const { headers } = await invoke(handler, { body: 'hello' });
    return JSON.parse((await invoke(handler, { headers, body: 'bye' })).body).map(({ text }: { text: string }) => text);
  }],
  'docs/users.md users': [[204, ['phone', 'laptop'], 204, 401, 401], async (sample) => {
    const { login, devices, signOutEverywhere, handler, invoke, runtime } = sample;
    const options = { transport: runtime.cookieTransport() };
    const phone = await invoke(login, { body: { user: '17', device: 'phone' }, options });
    const laptop = await invoke(login, { body: { user: '17', device: 'laptop' }, options });
    const list = JSON.parse((await invoke(devices, { cookies: laptop.cookies, options })).body);
    const signedOut = await invoke(signOutEverywhere, { cookies: laptop.cookies, options });
    const onPhone = await invoke(devices, { cookies: phone.cookies, options });
    const later = await invoke(login, { body: { user: '17', device: 'phone' }, options });
    await handler({ user: '17' });
    const afterAdmin = await invoke(devices, { cookies: later.cookies, options });
    const labels = list.map(({ label }: { label: string }) => label).sort().reverse();
    return [phone.statusCode, labels, signedOut.statusCode, onPhone.statusCode, afterAdmin.statusCode];
  }],
  'docs/users.md expired': [[['expired', expect.any(String), 'ada', new Date(1_700_000_900_000), 'with data']], async ({ handler, lines }) => {
    await handler({
      Records: [{
        eventName: 'REMOVE',
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
        dynamodb: { SequenceNumber: '1', OldImage: { key: { S: 'id' }, value: { S: 'cart' }, ttl: { N: '1700000900' }, created_at: { N: '1700000000' }, user: { S: 'ada' } } },
      }],
    });
    return lines;
  }, LINES],
  'docs/errors.md conflict': [[409, 'please log in again'], async ({ handler, invoke, runtime }) => {
    const store = new runtime.MemoryStore();
    const { headers } = await invoke(handler, { session: { step: 1 }, options: { store } });
    runtime.useStore(Object.assign(Object.create(store), {
      get: async (key: string, options: object) => { // another invocation logs out in between
        const row = await store.get(key, options);
        await store.destroy(key, {});
        return row;
      },
    }));
    const { statusCode, body } = await invoke(handler, { headers, options: { store } });
    return [statusCode, body];
  }],
  'docs/tracing.md trace': [{ session: expect.any(String), found: false, loadMs: expect.any(Number) }, async ({ runtime, lines }) => {
    await runtime.session(async () => undefined, { update: true, ttl: 900 })({ headers: { 'session-id': 'unknown' } });
    return JSON.parse(lines[0][0]);
  }, LINES],
  'docs/security.md login': [expect.stringMatching(/^__Host-session=/), async ({ handler, invoke, runtime }) => (await invoke(handler, { options: { transport: runtime.cookieTransport(), hashIds: true } })).setCookies.join(),
    "import { currentSession } from 'cdk-session-table/lambda-runtime'; const chat = async () => { currentSession().set('Ada'); return { statusCode: 200 }; };"],
};

// What samples listen to is the process's, and other tests run in it.
const subscribe = jest.spyOn(Object.getPrototypeOf(tracingChannel('of a sample')) as TracingChannel, 'subscribe');
afterEach(() => subscribe.mock.calls.forEach(([listeners], index) => (subscribe.mock.contexts[index] as TracingChannel).unsubscribe(listeners)));
afterAll(() => {
  subscribe.mockRestore();
  expect(channel('tracing:cdk-session-table.load:start').hasSubscribers).toBe(false);
});

test('every sample has a scenario, and every scenario a sample', () => {
  expect(blocks.map(({ name }) => name).sort()).toEqual(Object.keys(SCENARIOS).sort());
});

test('the two calls by curl print what the README says', async () => {
  const sample = load(blocks.find(({ name }) => name === 'README.md deploy')!);
  inMemory(sample);
  const calls = codeBlocks().find(({ name }) => name === 'README.md deploy-commands')!.code.split('\n').filter((line) => line.startsWith('$ curl'));
  const server = await startFunctionServer({ '/hello': sample.handler });
  const curl = (call: string) => run('bash', ['-c', call.replace('$ curl', 'curl --silent')], { env: { ...process.env, URL: `http://127.0.0.1:${server.port}` } });

  try {
    const first = await curl(calls[0]);
    const [, id] = /^session-id: (\S+)\r$/m.exec(first)!;
    const second = await curl(calls[1].replace('3vyH…', id));
    expect(first).toMatch(/\nvisit 1 of \/hello\n$/);
    expect(second).toBe('visit 2 of /hello\n');
    expect(calls).toHaveLength(2);
  } finally {
    await server.stop();
  }
});

describe('options that a page names in a line', () => {
  const inLines = codeInLines(/^\{ .*update: true.* \}$/);

  test.each(inLines)('%s', async (code) => {
    const sample = bundles.load(`
      import { cookieTransport, getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';
      export { invoke } from 'cdk-session-table/lambda-runtime/testing';
      export * as runtime from 'cdk-session-table/lambda-runtime';
      export const options = ${code};
      export const handler = session(async () => {
        setSessionData((getSessionData() ?? 0) + 1);
        return { statusCode: 200, body: String(getSessionData()) };
      }, options);`);
    inMemory(sample);

    expect(await twoVisits(sample, { options: sample.options })).toEqual(['1', '2']);
    expect(sample.options.ttl).toBeGreaterThan(0);
  });

  test('are those of a login, a chat room, an agent and a machine at least', () => {
    expect(inLines.length).toBeGreaterThanOrEqual(4);
  });
});

test('every sample has update and ttl', () => {
  const wrapped = codeBlocks().filter(({ code }) => /^import \{.*\b(streamingSession|session)\b.*\} from 'cdk-session-table\/lambda-runtime';$/m.test(code));

  expect(wrapped.length).toBeGreaterThan(12);
  expect(wrapped.filter(({ code }) => !/update: true/.test(code) || !/\bttl: /.test(code)).map(({ place }) => place)).toEqual([]);
});

test.each(blocks.filter(({ name }) => name in SCENARIOS).map((block) => [block.name, block] as const))('%s does what its page says', async (name, block) => {
  const [expected, scenario, prelude] = SCENARIOS[name];
  const sample = load(block, prelude);
  inMemory(sample);
  const actual = await scenario(sample);

  expect(actual).toEqual(expected);
});
