import { inspect } from 'node:util';
import { parseSetCookie } from 'cookie';
import {
  DynamoDBStore, MemoryStore, SessionConflictError, SessionOptionsError, SessionStoreError, cookieTransport, currentSession, getSessionData, session,
  setSessionData,
} from '../../../lambda-runtime/src/index.js';
import type { CookieTransportProps, SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { Browser } from '../../fixtures/browser.js';
import { httpApiV2Event } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

const SECRET = 'a secret that is long enough: 32 bytes';
const FRESH_ID = /^[A-Za-z0-9_-]{43}$/;

function handlerWith(run: () => unknown, options: SessionOptions): (event: unknown) => Promise<unknown> {
  return session(async () => {
    await run();
    return { statusCode: 200 };
  }, { transport: cookieTransport(), update: true, saveUninitialized: true, ...options });
}

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: SessionStore;
  let browser: Browser;

  beforeEach(async () => {
    store = await open();
    browser = new Browser();
  });

  const count = () => setSessionData((getSessionData<number>() ?? 0) + 1);
  const row = (id: string) => store.get(id, { timeLimitMs: 10_000, consistentRead: true });

  test('a browser has one session, and receives its id once', async () => {
    const counter = handlerWith(count, { store });

    await browser.visit(counter);
    expect(browser.id).toMatch(FRESH_ID);
    expect(browser.lastSet).toHaveLength(1);

    await browser.visit(counter);
    expect(browser.lastSet).toEqual([]);
    expect((await row(browser.id!))?.value).toEqual({ N: '2' });
  });

  test('an id that the store does not know is never adopted', async () => {
    browser.jar.set('__Host-session', 'chosen-by-somebody-else');

    await browser.visit(handlerWith(count, { store }));

    expect(browser.id).toMatch(FRESH_ID);
    expect(await row('chosen-by-somebody-else')).toBeUndefined();
  });

  test('an id in a header, in the query or in the body is not looked at', async () => {
    await browser.visit(handlerWith(count, { store }));
    const id = browser.id!;
    const seen: unknown[] = [];

    await handlerWith(() => { seen.push(getSessionData()); }, { store })({
      ...httpApiV2Event({ 'session-id': id, '__Host-session': id }),
      rawQueryString: `__Host-session=${id}`,
      queryStringParameters: { '__Host-session': id, 'session-id': id },
      body: `__Host-session=${id}`,
    });

    expect(seen).toEqual([null]);
  });

  test('an error about a session does not contain its id', async () => {
    await browser.visit(handlerWith(count, { store }));
    const overtaken = browser.visit(handlerWith(async () => {
      count();
      await store.destroy(browser.id!, { timeLimitMs: 10_000 });
    }, { store }));

    const error = await overtaken.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionConflictError);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(browser.id);
  });

  test('the id of an expired session is not used again', async () => {
    await store.create({ row: { key: { S: 'expired' }, value: { N: '7' }, ttl: { N: '1' } } }, { timeLimitMs: 10_000 });
    browser.jar.set('__Host-session', 'expired');
    const seen: unknown[] = [];

    await browser.visit(handlerWith(() => { seen.push(getSessionData()); }, { store }));

    expect(seen).toEqual([null]);
    expect(browser.id).toMatch(FRESH_ID);
  });

  testRegeneration('a regenerated session is sent under its new id, and the old cookie is worth nothing', async () => {
    await browser.visit(handlerWith(count, { store }));
    const stolen = browser.id!;

    await browser.visit(handlerWith(() => currentSession().regenerate(), { store }));
    expect(browser.id).toMatch(FRESH_ID);
    expect(browser.id).not.toBe(stolen);
    expect((await row(browser.id!))?.value).toEqual({ N: '1' });

    const thief = new Browser();
    thief.jar.set('__Host-session', stolen);
    const seen: unknown[] = [];
    await thief.visit(handlerWith(() => { seen.push(getSessionData()); }, { store }));
    expect(seen).toEqual([null]);
    expect(thief.lastSet).toEqual([]);
  });

  test('a destroyed session is cleared from the browser', async () => {
    await browser.visit(handlerWith(count, { store }));
    const id = browser.id!;

    await browser.visit(handlerWith(() => currentSession().destroy(), { store }));

    expect(browser.lastSet).toEqual([expect.objectContaining({ name: '__Host-session', value: '', maxAge: 0, path: '/', secure: true })]);
    expect(browser.jar.size).toBe(0);
    expect(await row(id)).toBeUndefined();
  });

  test('saveUninitialized false: the browser receives nothing until something is set', async () => {
    await browser.visit(handlerWith(() => undefined, { store, saveUninitialized: false }));
    expect(browser.lastSet).toEqual([]);

    await browser.visit(handlerWith(count, { store, saveUninitialized: false }));
    expect(browser.id).toMatch(FRESH_ID);
    expect(await row(browser.id!)).toBeDefined();
  });

  test('hashIds: the browser has the id, the table does not', async () => {
    const counter = handlerWith(count, { store, hashIds: true });

    await browser.visit(counter);
    await browser.visit(counter);

    expect(browser.lastSet).toEqual([]);
    expect(await row(browser.id!)).toBeUndefined();
  });
});

describe('signed cookies', () => {
  let store: RecordingStore;
  const options = () => ({ store, transport: cookieTransport({ secrets: [SECRET] }) });

  beforeEach(() => { store = recording(new MemoryStore()); });

  test('a signed cookie finds its session', async () => {
    const browser = new Browser();
    const seen: unknown[] = [];
    const handler = handlerWith(() => {
      seen.push(getSessionData());
      setSessionData('known');
    }, options());

    await browser.visit(handler);
    await browser.visit(handler);

    expect(seen).toEqual([null, 'known']);
  });

  test.each<[string, (value: string) => string]>([
    ['a forged signature', (value) => `${value.slice(0, 43)}.${'A'.repeat(43)}`],
    ['no signature', (value) => value.slice(0, 43)],
    ['a signature of another id', (value) => `x${value.slice(1)}`],
  ])('%s: the store is not asked, and the client gets a fresh id', async (_, forge) => {
    const browser = new Browser();
    await browser.visit(handlerWith(() => setSessionData('of the victim'), options()));
    const signed = browser.id!;
    browser.jar.set('__Host-session', forge(signed));
    store.calls.length = 0;
    const seen: unknown[] = [];

    await browser.visit(handlerWith(() => { seen.push(getSessionData()); }, options()));

    expect(seen).toEqual([null]);
    expect(store.calls).toEqual(['create']);
    expect(browser.id).not.toBe(signed);
    expect(browser.id).not.toBe(forge(signed));
  });

  test('garbage without the name: the store is not asked', async () => {
    const handler = handlerWith(() => undefined, { ...options(), saveUninitialized: false });

    await handler(httpApiV2Event({}, ['__Host-session', '=;=;;', '%', '__Host-session=%00.%ff', null, 17]));

    expect(store.calls).toEqual([]);
  });
});

describe('a cookie that expires', () => {
  const START = 1_800_000_000_000;
  let store: SessionStore;
  let browser: Browser;

  beforeEach(async () => {
    store = new MemoryStore();
    browser = new Browser();
    at(0);
    await browser.visit(visitWith(() => setSessionData({ a: 1 })));
  });
  afterEach(() => { jest.restoreAllMocks(); });

  const at = (seconds: number) => jest.spyOn(Date, 'now').mockReturnValue(START + seconds * 1000);
  const visitWith = (run: () => unknown, options: SessionOptions = {}) =>
    handlerWith(run, { store, ttl: 1000, transport: cookieTransport({ maxAge: 1000 }), ...options });
  const renewed = [expect.objectContaining({ name: '__Host-session', maxAge: 1000 })];

  test('is sent again when the session is renewed', async () => {
    at(100);
    await browser.visit(visitWith(() => undefined));

    expect(browser.lastSet).toEqual(renewed);
  });

  test('is sent again when a change renews the session', async () => {
    at(100);
    await browser.visit(visitWith(() => setSessionData({ a: 2 })));

    expect(browser.lastSet).toEqual(renewed);
  });

  test('is sent again when an update renews the session, also if a change follows that does not', async () => {
    at(100);
    await browser.visit(visitWith(async () => {
      await currentSession<{ a: number }>().update((data) => ({ a: data!.a + 1 }));
      setSessionData({ a: 9 });
    }));

    expect(browser.lastSet).toEqual(renewed);
  });

  test('is sent again when the session is touched', async () => {
    at(1);
    await browser.visit(visitWith(() => currentSession().touch()));

    expect(browser.lastSet).toEqual(renewed);
  });

  test.each<[string, () => unknown, SessionOptions]>([
    ['the renewal is not due', () => undefined, {}],
    ['a change comes before the renewal is due', () => setSessionData({ a: 2 }), {}],
    ['the session does not roll', () => undefined, { rolling: false, touchAfter: 0 }],
  ])('is not sent again when %s', async (_, run, options) => {
    at(99);
    await browser.visit(visitWith(run, options));

    expect(browser.lastSet).toEqual([]);
  });

  test('is sent again to no client whose session was destroyed meanwhile', async () => {
    at(100);
    await browser.visit(visitWith(async () => { await store.destroy(browser.id!, { timeLimitMs: 1000 }); }));

    expect(browser.lastSet).toEqual([]);
  });
});

test('an error of a store that fails does not contain the id', async () => {
  useLocalDynamoDB();
  const browser = new Browser();
  browser.jar.set('__Host-session', 'the-secret-id');
  const visit = browser.visit(handlerWith(() => undefined, { store: new DynamoDBStore({ tableName: 'no-such-table' }) }));

  const error = await visit.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SessionStoreError);
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('the-secret-id');
});

test('clientIds accept is refused with cookies', () => {
  expect(() => session(async () => undefined, { transport: cookieTransport(), clientIds: 'accept' })).toThrow(SessionOptionsError);
});

test('with nothing to send, the result of the handler is returned as it is', async () => {
  const store = new MemoryStore();
  const result = { statusCode: 200 };
  const handler = session(async () => {
    setSessionData('known');
    return result;
  }, { store, transport: cookieTransport() });
  const { cookies } = await handler(httpApiV2Event()) as unknown as { cookies: string[] };

  expect(await handler(httpApiV2Event({}, [cookies[0].split(';')[0]]))).toBe(result);
});

describe('a cookie that ends before its session', () => {
  const DAY = 86_400;
  const START = 1_800_000_000_000;
  afterEach(() => { jest.restoreAllMocks(); });

  test('is sent again often enough for an active client to keep it', async () => {
    const store = new MemoryStore();
    const browser = new Browser();
    const visitor = handlerWith(() => setSessionData(getSessionData() ?? 'logged in'), {
      store, ttl: 30 * DAY, transport: cookieTransport({ maxAge: DAY }),
    });
    let cookieEnds = 0;
    for (let hours = 0; hours < 24 * 10; hours += 12) {
      const now = START + hours * 3_600_000;
      jest.spyOn(Date, 'now').mockReturnValue(now);
      if (hours > 0) {
        expect(cookieEnds).toBeGreaterThan(now);
      }
      await browser.visit(visitor);
      cookieEnds = browser.lastSet.length > 0 ? now + DAY * 1000 : cookieEnds;
    }
  });

  describe.each<[string, CookieTransportProps]>([['', {}], [', signed', { secrets: [SECRET] }]])('of the same length%s', (_, props) => {
    const MAX_AGE = 1000;
    const transport = cookieTransport({ maxAge: MAX_AGE, ...props });
    const at = (seconds: number) => jest.spyOn(Date, 'now').mockReturnValue(START + seconds * 1000);
    let store: SessionStore;
    let browser: Browser;
    let visitor: ReturnType<typeof handlerWith>;
    let id: string;
    /** The second at which the browser drops its cookie. */
    let cookieEnds: number;

    beforeEach(async () => {
      store = new MemoryStore();
      browser = new Browser();
      visitor = handlerWith(() => { id = currentSession().id; }, { store, ttl: MAX_AGE, transport });
      await visitAt(0);
    });

    async function visitAt(second: number, answerArrives = true): Promise<void> {
      at(second);
      const before = browser.cookie;
      await browser.visit(visitor);
      if (!answerArrives) browser.jar.set('__Host-session', before!);
      cookieEnds = answerArrives && browser.lastSet.length > 0 ? second + MAX_AGE : cookieEnds;
    }

    const LONG_ENOUGH = 0.8 * MAX_AGE;

    test('does not end early because another function renews the session, which sends no cookie', async () => {
      const elsewhere = handlerWith(() => undefined, { store, ttl: MAX_AGE, sessionId: () => id, transport: undefined });
      for (let second = 100; second < 10 * MAX_AGE; second += 100) {
        at(second);
        await elsewhere(httpApiV2Event());
        if (second % 300 === 0) {
          await visitAt(second + 50);
          expect(cookieEnds - second).toBeGreaterThanOrEqual(LONG_ENOUGH);
        }
      }
    });

    test('does not end early because the answer that renewed it was lost', async () => {
      for (let second = 250; second < 10 * MAX_AGE; second += 250) {
        await visitAt(second, false);
        await visitAt(second + 1);
        expect(cookieEnds - second).toBeGreaterThanOrEqual(LONG_ENOUGH);
      }
    });

    test('is not sent again before a fifth of its time is over, unless the session is renewed', async () => {
      at(100);
      await handlerWith(() => undefined, { store, ttl: MAX_AGE, sessionId: () => id, transport: undefined })(httpApiV2Event());
      await visitAt(199);
      expect(browser.lastSet).toEqual([]);
      await visitAt(200);
      expect(browser.lastSet).toEqual([expect.objectContaining({ maxAge: MAX_AGE })]);
    });

    test('that says nothing about its end, as earlier versions set it, is sent again immediately', async () => {
      const before = id;
      const asBefore = cookieTransport({ ...props }).writeId({ id, isNewToClient: true, expiryMoved: true }).cookies[0];
      browser.jar.set('__Host-session', parseSetCookie(asBefore).value!);
      await visitAt(1);

      expect(id).toBe(before);
      expect(browser.lastSet).toEqual([expect.objectContaining({ maxAge: MAX_AGE })]);
    });

    test('does not end early because a function renews the session whose own cookies end with the browser', async () => {
      const other = handlerWith(() => undefined, { store, ttl: MAX_AGE, transport: cookieTransport(props) });
      for (let second = 100; second < 5 * MAX_AGE; second += 100) {
        at(second);
        await browser.visit(other);
        cookieEnds = browser.lastSet.length > 0 ? second + browser.lastSet[0].maxAge! : cookieEnds;
        expect(cookieEnds - second).toBeGreaterThanOrEqual(LONG_ENOUGH);
      }
      await visitAt(5 * MAX_AGE);
      expect(browser.id).toBe(browser.cookie!.split(' ')[0]);
    });

    test('has the length that the function gives it which sent it last', async () => {
      const transportOfHalf = cookieTransport({ ...props, maxAge: MAX_AGE / 2 });
      const shorter = handlerWith(() => undefined, { store, ttl: MAX_AGE, transport: transportOfHalf, touchAfter: 0 });
      at(100);
      await browser.visit(shorter);
      expect(browser.lastSet).toEqual([expect.objectContaining({ maxAge: MAX_AGE / 2 })]);
      await visitAt(201);
      expect(browser.lastSet).toEqual([expect.objectContaining({ maxAge: MAX_AGE })]);
    });

    test('ends with the browser once a function without maxAge gives the session a new id', async () => {
      const other = handlerWith(() => currentSession().regenerate(), { store, ttl: MAX_AGE, transport: cookieTransport(props) });
      await browser.visit(other);

      expect(browser.lastSet).toEqual([expect.not.objectContaining({ maxAge: expect.anything() })]);
    });
  });

  test('by default a request without a cookie that stores nothing leaves the browser as it was', async () => {
    const store = new MemoryStore();
    const handler = session(async () => ({ statusCode: 200 }), { store, transport: cookieTransport() });

    expect(await handler(httpApiV2Event())).toEqual({ statusCode: 200 });
  });
});

test('functions with different time-outs on one session: each gives it its own expiry', async () => {
  const store = new MemoryStore();
  const browser = new Browser();
  const expiry = async () => Number((await store.get(browser.id!))!.ttl!.N) - Date.now() / 1000;
  await browser.visit(handlerWith(() => setSessionData(1), { store, ttl: 9000 }));

  await browser.visit(handlerWith(() => undefined, { store, ttl: 900 }));
  expect(await expiry()).toBeLessThan(902);
  await browser.visit(handlerWith(() => undefined, { store, ttl: 9000 }));
  expect(await expiry()).toBeGreaterThan(8990);
});

test('a session begins when it was loaded: createdAt is the same in its first invocation and after', async () => {
  const store = new MemoryStore();
  const browser = new Browser();
  const seen: unknown[] = [];
  const visitor = handlerWith(async () => {
    seen.push(currentSession().createdAt?.getTime());
    await new Promise((resolve) => setTimeout(resolve, 5));
    setSessionData(1);
  }, { store });
  await browser.visit(visitor);
  await browser.visit(visitor);

  expect(seen[0]).toBe(seen[1]);
});
