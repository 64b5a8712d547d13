import { MemoryStore, cookieTransport, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { CookieTransportProps, SessionOptions } from '../../../lambda-runtime/src/index.js';
import { httpApiV2Event } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';

const [OLD, NEW] = ['the older of two secrets, 32 bytes..', 'the newer of two secrets, 32 bytes..'];
let store: RecordingStore;
beforeEach(() => { store = recording(new MemoryStore()); });

const call = async (cookies: string[], run: () => unknown, options: SessionOptions = {}, headers: object = {}) => {
  const handler = session(async () => {
    await run();
    return { statusCode: 200 };
  }, { store, update: true, transport: cookieTransport({ name: 'chat' }), ...options });
  return (await handler(httpApiV2Event(headers, cookies)) as { cookies?: string[] }).cookies ?? [];
};
const stored = (id: string) => store.create({ row: { key: { S: id }, value: { S: id } } }, { timeLimitMs: 1000 });
const look = async (cookies: string[], options?: SessionOptions) => {
  const seen: unknown[] = [];
  const sent = await call(cookies, () => { seen.push(getSessionData()); }, options);
  return { data: seen[0], sent };
};

describe('several cookies of one name', () => {
  test('the one that the store knows wins, wherever it stands', async () => {
    await stored('known');

    expect(await look(['chat=known', 'chat=unknown'])).toEqual({ data: 'known', sent: [] });
    expect(await look(['chat=unknown', 'chat=known'])).toEqual({ data: 'known', sent: [] });
  });

  test('of several that it knows the last one counts', async () => {
    await stored('a');
    await stored('b');

    expect((await look(['chat=a', 'chat=b'])).data).toBe('b');
  });

  test('the number of reads is bounded', async () => {
    await look(Array.from({ length: 100 }, (_, i) => `chat=unknown-${i}`));

    expect(store.calls).toEqual(['get', 'get', 'get', 'get']);
  });

  test('with a list of peppers the number of reads is four for each of them', async () => {
    const cookies = Array.from({ length: 100 }, (_, i) => `chat=unknown-${i}`);
    await look(cookies, { hashIds: true, pepper: [NEW, OLD] });

    expect(store.calls).toEqual(Array(8).fill('get'));
  });

  test('a logout ends the sessions of all of them, and clears what can be cleared', async () => {
    await stored('a');
    await stored('b');
    const sent = await call(['chat=a', 'chat=b'], () => currentSession().destroy(), {}, { host: 'app.example.com' });

    expect((await look(['chat=a', 'chat=b'])).data).toBeNull();
    expect(sent.every((cookie) => cookie.startsWith('chat=;') && cookie.includes('Max-Age=0'))).toBe(true);
    expect(sent).toEqual(expect.arrayContaining([
      expect.not.stringContaining('Domain'), expect.stringContaining('Path=/chat'), expect.stringContaining('Domain=example.com'),
    ]));
  });
});

describe('a logout is answered, and the answer stays small, whatever the client sends:', () => {
  test.each<[string, string, string]>([
    ['a host with a hyphen at an edge', '-a.b-.example.com', '/'],
    ['a host with a label beyond 63 characters', `${'a'.repeat(64)}.example.com`, '/'],
    ['a host of many labels', `${'a.'.repeat(500)}example.com`, '/'],
    ['an address', '[::1]:443', '/'],
    ['a path that is long', 'app.example.com', `/${'a'.repeat(8000)}/b/c`],
    ['a path that is broken', 'app.example.com', '/%E0%A4%A/..;Domain=example.org/\u0000'],
  ])('%s', async (_, host, path) => {
    const cookies = ['chat=a', 'chat=b'];
    await stored('a');
    const logout = session(async () => {
      await currentSession().destroy();
      return { statusCode: 200 };
    }, { store, transport: cookieTransport({ name: 'chat' }) });
    const event = httpApiV2Event({ host }, cookies);
    const { cookies: sent } = await logout({ ...event, requestContext: { ...event.requestContext, http: { method: 'GET', path } } }) as unknown as { cookies: string[] };

    expect((await look(cookies)).data).toBeNull();
    expect(sent[0]).toBe('chat=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax');
    expect(sent.join('').length).toBeLessThan(8000);
  });
});

describe('secrets that are rotated', () => {
  const signed = (...secrets: string[]): SessionOptions => ({ transport: cookieTransport({ name: 'chat', secrets }) });
  const begin = async (options: SessionOptions) => (await call([], () => setSessionData('mine'), options))[0].split(';')[0];

  test('a cookie signed by a former secret is sent again, signed by the first', async () => {
    const cookie = await begin(signed(OLD));
    const { data, sent } = await look([cookie], signed(NEW, OLD));

    expect(data).toBe('mine');
    expect(await look([sent[0].split(';')[0]], signed(NEW))).toEqual({ data: 'mine', sent: [] });
  });

  test.each<[string, Partial<CookieTransportProps>, SessionOptions]>([
    ['ends some time after', { maxAge: 900 }, { ttl: 900 }],
    ['belongs to a session whose data is permanent', {}, { update: false }],
    ['belongs to a session that is only read', {}, { rolling: false, ttl: 900 }],
  ])('and so is one that %s', async (_, props, more) => {
    const options = (...secrets: string[]): SessionOptions => ({ ...more, transport: cookieTransport({ name: 'chat', secrets, ...props }) });
    const cookie = await begin(options(OLD));
    const { sent } = await look([cookie], options(NEW, OLD));

    expect(sent).toHaveLength(1);
    expect(await look([sent[0].split(';')[0]], options(NEW))).toEqual({ data: 'mine', sent: [] });
  });

  test('also where a cookie of another session, signed by the first, comes with it', async () => {
    const cookie = await begin(signed(OLD));
    const other = await begin(signed(NEW));
    await store.destroy(other.slice('chat='.length).split('.')[0], { timeLimitMs: 1000 });
    const { data, sent } = await look([cookie, other], signed(NEW, OLD));

    expect(data).toBe('mine');
    expect(sent).toHaveLength(1);
    expect((await look([sent[0].split(';')[0]], signed(NEW))).data).toBe('mine');
  });

  test('sessions under a former pepper are found, and new ones made under the first', async () => {
    const peppered = (...pepper: string[]): SessionOptions => ({ hashIds: true, pepper });
    const cookie = await begin(peppered(OLD));

    expect((await look([cookie], peppered(NEW, OLD))).data).toBe('mine');
    const next = await begin(peppered(NEW, OLD));
    expect((await look([next], peppered(NEW))).data).toBe('mine');
    expect((await look([cookie], peppered(NEW))).data).toBeNull();
  });
});

describe('secrets that come from a function', () => {
  afterEach(() => { jest.restoreAllMocks(); });

  test('are fetched during init, and again after five minutes', async () => {
    const fetchSecrets = jest.fn(async () => [OLD]);
    const options: SessionOptions = { transport: cookieTransport({ name: 'chat', secrets: fetchSecrets }), hashIds: true, pepper: fetchSecrets };
    expect(fetchSecrets).toHaveBeenCalledTimes(1);
    const handler = session(async () => setSessionData('x'), { ...options, store });
    expect(fetchSecrets).toHaveBeenCalledTimes(2);

    await handler(httpApiV2Event());
    await handler(httpApiV2Event());
    expect(fetchSecrets).toHaveBeenCalledTimes(2);

    const later = Date.now() + 301_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    await handler(httpApiV2Event());
    await handler(httpApiV2Event());
    expect(fetchSecrets).toHaveBeenCalledTimes(4);
  });

  test('that cannot be fetched fail the invocation, and are tried again by the next', async () => {
    let isDown = true;
    const source = async () => {
      if (isDown) {
        throw new Error('throttled');
      }
      return [OLD];
    };
    const handler = session(async () => 'ran', { store, transport: cookieTransport({ secrets: source }) });

    await expect(handler(httpApiV2Event())).rejects.toThrow('throttled');
    isDown = false;
    expect(await handler(httpApiV2Event())).toBe('ran');
  });

  test('that cannot be fetched again are used on, with a warning that does not hold them', async () => {
    let isDown = false;
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const handler = session(async () => 'ran', {
      store, transport: cookieTransport({ secrets: async () => { if (isDown) { throw new Error(OLD); } return [OLD]; } }),
    });
    await handler(httpApiV2Event());
    isDown = true;
    const later = Date.now() + 301_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);

    expect(await handler(httpApiV2Event())).toBe('ran');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls[0])).not.toContain(OLD);
  });
});
