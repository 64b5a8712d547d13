import {
  MemoryStore, SessionOptionsError, cookieTransport, currentSession, getSessionData, headerTransport, initSessionStore, session, setSessionData,
} from '../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../lambda-runtime/src/index.js';
import { invoke } from '../../lambda-runtime/src/testing.js';
import type { TestEventFormat } from '../../lambda-runtime/src/testing.js';

beforeEach(() => initSessionStore({ runtime: true }));

const options: SessionOptions = { update: true, ttl: 900 };
const withOptions = (more: SessionOptions) => ({ ...options, ...more });

const countVisits = async () => {
  setSessionData((getSessionData<number>() ?? 0) + 1);
  return { statusCode: 200, body: `${getSessionData<number>()}` };
};

describe.each<TestEventFormat>(['http-api-v2', 'rest-api-v1'])('with an event of the format %s', (format) => {
  test.each<[string, SessionOptions]>([
    ['a header', options],
    ['a header of another name', withOptions({ idKeyName: 'chat-id' })],
    ['a cookie', withOptions({ transport: cookieTransport() })],
    ['a signed cookie and hashed ids', withOptions({ transport: cookieTransport({ secrets: ['a secret that is long enough for this'] }), hashIds: true })],
    ['an id of the event', withOptions({ sessionId: (event: any) => event.chat })],
  ])('a handler gets the seeded session by %s, and what it saves is returned', async (_, handlerOptions) => {
    const handler = session(countVisits, handlerOptions);

    const { body, session: data, statusCode } = await invoke(handler, { session: 41, options: handlerOptions, format, event: { chat: 'room-1' } });

    expect({ statusCode, body, data }).toEqual({ statusCode: 200, body: '42', data: 42 });
  });

  test('the next request of the client continues its session', async () => {
    const cookies = withOptions({ transport: cookieTransport() });
    const handler = session(countVisits, cookies);

    const first = await invoke(handler, { options: cookies, format });
    const second = await invoke(handler, { options: cookies, format, cookies: first.cookies });

    expect(first.setCookies).toEqual([expect.stringMatching(/^__Host-session=.*HttpOnly/)]);
    expect(second).toMatchObject({ body: '2', session: 2, cookies: first.cookies });
  });

  test('method, path, query, headers and a JSON body arrive', async () => {
    const seen = jest.fn();
    const handler = session(async (event) => {
      seen(event);
      return { statusCode: 201, headers: { 'X-Made': 'yes' }, body: '{}' };
    }, options);

    const { statusCode, headers } = await invoke(handler, {
      path: '/orders', query: { page: '2' }, headers: { Accept: 'text/html' }, body: { item: 'tea' }, format, event: { custom: 'field' },
    });

    expect(seen).toHaveBeenCalledWith(expect.objectContaining({
      ...(format === 'http-api-v2' ? { rawPath: '/orders', rawQueryString: 'page=2' } : { path: '/orders', httpMethod: 'POST' }),
      queryStringParameters: { page: '2' },
      headers: expect.objectContaining({ 'accept': 'text/html', 'content-type': 'application/json' }),
      body: '{"item":"tea"}',
      custom: 'field',
    }));
    expect(statusCode).toBe(201);
    expect(headers['x-made']).toBe('yes');
  });
});

describe('what a client receives of a result', () => {
  const nothingSaved = withOptions({ saveUninitialized: false });
  const receive = (result: unknown, format: TestEventFormat) => invoke(session(async () => result, nothingSaved), { options: nothingSaved, format });

  test.each<[string, unknown, string]>([
    ['an object', { headers: { a: 'b' }, cookies: ['c=d'], answer: 42 }, '{"headers":{"a":"b"},"cookies":["c=d"],"answer":42}'],
    ['an object whose statusCode is undefined', { statusCode: undefined, body: 'x' }, '{"body":"x"}'],
    ['a list', [1, 2], '[1,2]'],
    ['a text', 'hello', 'hello'],
    ['nothing', undefined, 'null'],
  ])('of an HTTP API without statusCode: %s is the body as JSON', async (_, result, body) => {
    expect(await receive(result, 'http-api-v2')).toMatchObject({
      statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: {}, setCookies: [], body,
    });
  });

  test('of an HTTP API: lists of headers are none of its fields', async () => {
    expect((await receive({ statusCode: 204, headers: { a: 'b' }, multiValueHeaders: { c: ['d'] } }, 'http-api-v2')).headers).toEqual({ a: 'b' });
  });

  test('of a REST API: headers, lists of headers and the body, but no cookies, which are none of its fields', async () => {
    expect(await receive({ headers: { a: 'b' }, multiValueHeaders: { c: ['d', 'e'] }, cookies: ['f=g'], body: 'x' }, 'rest-api-v1')).toMatchObject({
      statusCode: 200, headers: { a: 'b', c: 'd,e' }, cookies: {}, setCookies: [], body: 'x',
    });
    expect(await receive({ body: 'x' }, 'rest-api-v1')).toMatchObject({ statusCode: 200, body: 'x' });
  });
});

test('invoke() refuses a format that it does not have', async () => {
  await expect(invoke(async () => undefined, { format: 'http-api' as TestEventFormat })).rejects.toThrow(SessionOptionsError);
});

test('a client without a session has none afterwards if the handler set nothing and empty sessions are not saved', async () => {
  const handlerOptions = withOptions({ saveUninitialized: false });

  expect(await invoke(session(async () => 'hello', handlerOptions), { options: handlerOptions })).toMatchObject({ body: 'hello', session: undefined });
});

test('a logout deletes the cookie and the session', async () => {
  const cookies = withOptions({ transport: cookieTransport() });
  const logout = session(async () => {
    await currentSession().destroy();
    return { statusCode: 204 };
  }, cookies);

  const { statusCode, cookies: left, session: data, setCookies } = await invoke(logout, { session: { user: 'Ada' }, cookies: { theme: 'dark' }, options: cookies });

  expect({ statusCode, left, data }).toEqual({ statusCode: 204, left: { theme: 'dark' }, data: undefined });
  expect(setCookies).toHaveLength(1);
});

test('a write-once session can be seeded, and keeps its first value', async () => {
  expect(await invoke(session(countVisits), { session: 1 })).toMatchObject({ body: '2', session: 1 });
});

test('an error of the handler is the error of the invocation', async () => {
  await expect(invoke(session(async () => { throw new RangeError('no such room'); }))).rejects.toThrow(RangeError);
});

test('the session expires by a fake clock', async () => {
  jest.useFakeTimers({ now: new Date('2026-01-01T10:00:00Z') });
  try {
    const handler = session(countVisits, options);
    const { headers } = await invoke(handler, { session: 7 });

    jest.setSystemTime(new Date('2026-01-01T10:14:00Z'));
    expect(await invoke(handler, { headers })).toMatchObject({ body: '9' });

    jest.setSystemTime(new Date('2026-01-01T10:30:00Z'));
    expect(await invoke(handler, { headers })).toMatchObject({ body: '1' });
  } finally {
    jest.useRealTimers();
  }
});

test('a header transport with its name in the transport works too', async () => {
  const handlerOptions = withOptions({ transport: headerTransport({ name: 'x-chat' }) });

  expect(await invoke(session(countVisits, handlerOptions), { session: 1, options: handlerOptions })).toMatchObject({ body: '2' });
});

describe('options that hold beside a schema, update or maxAge only are taken by invoke()', () => {
  const schema: NonNullable<SessionOptions['schema']> = { '~standard': { validate: (value: unknown) => ({ value }) } };

  test.each<[string, SessionOptions]>([
    ['onInvalid', { update: true, schema, onInvalid: 'new' }],
    ['onIgnoredChange', { onIgnoredChange: 'throw' }],
    ['a maxAge below ttl', { update: true, ttl: 9000, transport: cookieTransport({ maxAge: 900 }) }],
  ])('%s', async (_, given) => {
    const itsOptions = { store: new MemoryStore(), ...given };
    const handler = session(async () => ({ statusCode: 200, body: JSON.stringify(getSessionData()) }), itsOptions);

    expect(await invoke(handler, { options: itsOptions, session: { visits: 1 } })).toMatchObject({ body: '{"visits":1}', session: { visits: 1 } });
  });
});
