import { MemoryStore, cookieTransport, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { Browser } from '../../fixtures/browser.js';
import { albEvent, bareEvent, httpApiV2Event, restApiV1Event } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';

let store: RecordingStore;
let browser: Browser;
beforeEach(() => {
  store = recording(new MemoryStore());
  browser = new Browser();
});
afterEach(() => { jest.restoreAllMocks(); });

/** As docs/security.md has it for logins, on the store of the test. */
const handlerThat = <T>(run: () => T, options: SessionOptions = {}) => session(async () => {
  await run();
  return { statusCode: 200 };
}, { store, transport: cookieTransport(), update: true, ttl: 900, ...options });
const logIn = () => browser.visit(handlerThat(() => setSessionData('logged in')));
async function dataOf(visitor: Browser, options?: SessionOptions): Promise<unknown> {
  let data: unknown;
  await visitor.visit(handlerThat(() => { data = getSessionData(); }, options));
  return data;
}

test.each<[string, object]>([
  ['HTTP API', httpApiV2Event()],
  ['REST API', restApiV1Event()],
  ['load balancer', albEvent()],
  ['load balancer with multi-value headers', albEvent({ multiValueHeaders: {} })],
  ['direct invocation', bareEvent()],
])('the id goes out in Set-Cookie and nowhere else: %s', async (_, event) => {
  let id = '';
  const response = await handlerThat(() => {
    setSessionData('logged in');
    id = currentSession().id;
  })(event);
  const texts: string[] = [];
  JSON.stringify(response, (__, value) => { // every text in it
    if (typeof value === 'string') texts.push(value);
    return value;
  });

  expect(texts.filter((text) => text.includes(id))).toEqual([expect.stringMatching(`^__Host-session=${id}; .*HttpOnly`)]);
});

test('six first requests at the same time that store data make six sessions, of which the browser keeps one', async () => {
  const ids: string[] = [];
  await Promise.all(Array.from({ length: 6 }, () => browser.visit(handlerThat(() => {
    setSessionData('stored');
    ids.push(currentSession().id);
  }))));

  expect(new Set(ids).size).toBe(6);
  expect(await Promise.all(ids.map((id) => store.get(id, { timeLimitMs: 1000, consistentRead: true })))).toEqual(Array(6).fill(expect.objectContaining({ value: { S: 'stored' } })));
  expect(browser.jar.size).toBe(1);
  expect(ids).toContain(browser.id);
});

test('a request without the cookie that stores data begins a session, whose cookie replaces the one of the login', async () => {
  await logIn();
  const login = browser.id;
  const fromElsewhere = new Browser();
  await fromElsewhere.visit(handlerThat(() => setSessionData('from elsewhere')));
  for (const { name, value } of fromElsewhere.lastSet) browser.jar.set(name, value!);

  expect(browser.id).not.toBe(login);
  expect(await dataOf(browser)).toBe('from elsewhere');
});

test.each<[string, string, unknown]>([
  ['one cookie name: what the second stores replaces the login at the first', '__Host-session', null],
  ['two cookie names: both go on', '__Host-other', 'logged in'],
])('two services on one host with %s', async (_, name, found) => {
  const other = { store: new MemoryStore(), transport: cookieTransport({ name }) };
  await logIn();
  await browser.visit(handlerThat(() => setSessionData('of the other service'), other));

  expect(await dataOf(browser)).toBe(found);
  expect(await dataOf(browser, other)).toBe('of the other service');
});

test('the cookie of an expired session stays, and leads nowhere, until data is set: then comes one with a fresh id', async () => {
  await logIn();
  const before = browser.id;
  const later = Date.now() + 902_000;
  jest.spyOn(Date, 'now').mockReturnValue(later);
  expect(await dataOf(browser)).toBeNull();
  expect(browser.lastSet).toEqual([]);
  await logIn();

  expect(browser.id).toMatch(/^[\w-]{43}$/);
  expect(browser.id).not.toBe(before);
});

test('a handler that destroys the session and then throws leaves the browser a cookie that is worth nothing', async () => {
  await logIn();
  const before = browser.cookie;
  await expect(browser.visit(handlerThat(async () => {
    await currentSession().destroy();
    throw new Error('of the handler');
  }))).rejects.toThrow('of the handler');

  expect(browser.cookie).toBe(before);
  expect(await dataOf(browser)).toBeNull();
  expect(store.calls.filter((call) => call === 'create')).toHaveLength(1);
});

describe('a client that changes the times in its unsigned cookie', () => {
  const withMaxAge: SessionOptions = { transport: cookieTransport({ maxAge: 900 }) };
  /** What follows the id: when the cookie is due, and how long it is kept; each in base 36. */
  const present = (times: string) => browser.jar.set('__Host-session', `${browser.id} ${times}`);
  beforeEach(() => browser.visit(handlerThat(() => setSessionData('logged in'), withMaxAge)));

  test('has it sent sooner or later, or has it kept for as long as it likes', async () => {
    present('0-p0');
    expect(await dataOf(browser, withMaxAge)).toBe('logged in');
    expect(browser.lastSet).toEqual([expect.objectContaining({ maxAge: 900 })]);
    present('zzzzzzzz-p0');
    await dataOf(browser, withMaxAge);
    expect(browser.lastSet).toEqual([]);
    present('0-lfls');
    await dataOf(browser);
    expect(browser.lastSet).toEqual([expect.objectContaining({ maxAge: parseInt('lfls', 36) })]);
  });

  test('does not have the session for a second longer', async () => {
    present('zzzzzzzz-lfls');
    const later = Date.now() + 902_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);

    expect(await dataOf(browser, withMaxAge)).toBeNull();
  });
});
