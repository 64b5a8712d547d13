import { Hono } from 'hono';
import { sessions } from '../../../lambda-runtime/src/adapters/hono.js';
import { fetchSession } from '../../../lambda-runtime/src/adapters/node.js';
import { MemoryStore, cookieTransport, currentSession, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import { processWide } from '../../../lambda-runtime/src/platform/process-wide.js';
import { albEvent, bareEvent, httpApiV2Event, restApiV1Event } from '../../fixtures/events.js';

let warn: jest.SpyInstance;
beforeEach(() => {
  processWide('warnings', () => new Set<string>()).clear();
  warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => { warn.mockRestore(); });

const respond = async (own?: string, { event = httpApiV2Event() as unknown, ...options } = {}) => {
  const handler = session(async () => {
    setSessionData('known');
    return { statusCode: 200, headers: { ...(own !== undefined && { 'Cache-Control': own }) } };
  }, { store: new MemoryStore(), ...options });
  const { headers, multiValueHeaders } = await handler(event) as any;
  const all = Object.entries<any>({ ...headers, ...multiValueHeaders }).filter(([name]) => name.toLowerCase() === 'cache-control');
  return all.flatMap(([, value]) => value);
};

test.each<[string, unknown]>([
  ['HTTP API', httpApiV2Event()], ['REST API', restApiV1Event()], ['ALB', albEvent()], ['ALB with lists', albEvent({ multiValueHeaders: {} })],
])('a response that carries an id is kept from caches: %s', async (_, event) => {
  expect(await respond(undefined, { event })).toEqual(['no-store']);
  expect(await respond(undefined, { event, transport: cookieTransport() } as never)).toEqual(['no-store']);
});

test.each(['private', 'no-store', 'Private, max-age=60', 'max-age=0, no-store'])('the handler\'s own stays where it keeps caches away: %s', async (own) => {
  expect(await respond(own)).toEqual([own]);
  expect(warn).not.toHaveBeenCalled();
});

test.each(['public', 's-maxage=60', 'max-age=60', 'no-cache', 'private="set-cookie", max-age=60'])('the handler\'s own is replaced where it lets caches store: %s', async (own) => {
  expect(await respond(own)).toEqual(['no-store']);
});

test('a replaced one is warned of once', async () => {
  await respond('public');
  await respond('s-maxage=60', { transport: cookieTransport() } as never);

  expect(warn.mock.calls).toEqual([[expect.stringMatching(/had a Cache-Control that lets shared caches store it; it was replaced by no-store.*preventCaching: false/)]]);
});

describe('what is addressed to caches of one kind, and counts there before Cache-Control,', () => {
  const answer = async (headers: object, options = {}) => {
    const handler = session(async () => {
      setSessionData('known');
      return { statusCode: 200, headers: { 'Cache-Control': 'private', ...headers } };
    }, { store: new MemoryStore(), ...options });
    return (await handler(httpApiV2Event({ 'session-id': 'id' }))).headers as object;
  };

  test.each(['CDN-Cache-Control', 'Cloudflare-CDN-Cache-Control', 'Surrogate-Control'])('is replaced where it lets them store: %s', async (name) => {
    expect(await answer({ [name]: 'max-age=60' })).toEqual({ 'Cache-Control': 'private', [name.toLowerCase()]: 'no-store', 'session-id': 'id' });
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test.each(['private', 'no-store'])('stays where it keeps them away: %s', async (own) => {
    expect(await answer({ 'CDN-Cache-Control': own })).toEqual({ 'Cache-Control': 'private', 'CDN-Cache-Control': own, 'session-id': 'id' });
    expect(warn).not.toHaveBeenCalled();
  });

  test.each<[string, (own: Record<string, string>) => Promise<Response>]>([
    ['Hono', async (own) => new Hono().use(sessions({ store: new MemoryStore() })).get('/', (c) => c.text('hello', 200, own)).request('/')],
    ['fetchSession()', (own) => fetchSession(async () => new Response('hello', { headers: own }), { store: new MemoryStore() })(new Request('http://localhost/'))],
  ])('is replaced in the responses of adapters: %s', async (_, respondWith) => {
    const { headers } = await respondWith({ 'cache-control': 'private', 'cdn-cache-control': 'max-age=60' });

    expect([headers.get('cache-control'), headers.get('cdn-cache-control'), headers.get('surrogate-control')]).toEqual(['private', 'no-store', null]);
  });

  test('is left alone with preventCaching: false', async () => {
    expect(await answer({ 'CDN-Cache-Control': 'max-age=60' }, { preventCaching: false })).toMatchObject({ 'CDN-Cache-Control': 'max-age=60' });
  });
});

test.each<[string, () => unknown]>([
  ['gives another id', () => currentSession().regenerate()],
  ['asks the client to forget its id', () => currentSession().destroy()],
])('one that %s is kept from caches too', async (_, change) => {
  const store = new MemoryStore();
  for (const [options, presented] of [[{}, { 'session-id': 'id' }], [{ transport: cookieTransport() }, { cookie: '__Host-session=id' }]] as const) {
    await store.create({ row: { key: { S: 'id' }, value: { S: 'known' } } });
    const handler = session(async () => {
      await change();
      return { statusCode: 200, headers: { 'cache-control': 'public' } };
    }, { store, ...options });

    expect((await handler(httpApiV2Event(presented))).headers['cache-control']).toBe('no-store');
    await store.destroy('id');
  }
});

test('one that carries no id keeps the handler\'s own, and gets none', async () => {
  const options = { store: new MemoryStore(), transport: cookieTransport() };
  const anonymous = (own: object) => session(async () => ({ statusCode: 200, headers: own }), options);

  expect(await anonymous({ 'cache-control': 'public' })(httpApiV2Event())).toEqual({ statusCode: 200, headers: { 'cache-control': 'public' } });
  expect(await anonymous({})(httpApiV2Event())).toEqual({ statusCode: 200, headers: {} });
});

test('it is left alone with preventCaching: false, and in a direct invocation', async () => {
  expect(await respond('public', { preventCaching: false } as never)).toEqual(['public']);
  expect(await respond(undefined, { event: bareEvent() })).toEqual([]);
});

describe('the handler\'s own counts only where the gateway sends it:', () => {
  const own = { 'Cache-Control': 'private' };
  const listed = { 'Cache-Control': ['private'] };

  test.each<[string, unknown, object, object]>([
    ['a single value on an ALB with lists', albEvent({ multiValueHeaders: {} }), { headers: own }, { headers: own, multiValueHeaders: { 'cache-control': ['no-store'] } }],
    ['a list on an ALB without', albEvent(), { multiValueHeaders: listed }, { headers: { 'cache-control': 'no-store' }, multiValueHeaders: listed }],
    ['a list on an HTTP API', httpApiV2Event(), { multiValueHeaders: listed }, { headers: { 'cache-control': 'no-store' }, multiValueHeaders: listed }],
    ['a single value beside a public list on a REST API', restApiV1Event(), { headers: own, multiValueHeaders: { 'cache-control': ['public'] } }, { headers: { 'cache-control': 'no-store' }, multiValueHeaders: {} }],
    ['a list on a REST API', restApiV1Event(), { multiValueHeaders: listed }, { headers: {}, multiValueHeaders: listed }],
  ])('%s', async (_, event, head, expected) => {
    const handler = session(async () => {
      setSessionData('known');
      return { statusCode: 200, ...head };
    }, { store: new MemoryStore(), transport: cookieTransport() });
    const { headers, multiValueHeaders } = await handler(event) as any;
    const cacheControl = (from: object) => Object.fromEntries(Object.entries(from).filter(([name]) => name.toLowerCase() === 'cache-control'));

    expect({ headers: cacheControl(headers), multiValueHeaders: cacheControl(multiValueHeaders) }).toEqual(expected);
  });
});
