import { createCookie, createSessionStorage } from 'react-router';
import { createSessionTableStorage } from '../../lambda-runtime/src/adapters/react-router.js';
import { DynamoDBStore, MemoryStore, SessionConflictError, cookieTransport, getSessionData, session as withSession, setSessionData } from '../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../lambda-runtime/src/index.js';
import { httpApiV2Event } from '../fixtures/events.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

const local = useLocalDynamoDB();
const cookie = createCookie('__Host-app-session', { secrets: ['a secret for tests'], httpOnly: true, secure: true, path: '/', sameSite: 'lax', maxAge: 600 });

const storageOn = (store: SessionStore) => createSessionTableStorage({ createSessionStorage, cookie, store });
/** What a browser sends back of a Set-Cookie. */
const sentBack = (setCookie: string) => setCookie.split(';')[0];

describe('sessions of React Router on the session table', () => {
  test('are kept over requests, with flash messages that are read once, on DynamoDB', async () => {
    const { getSession, commitSession } = storageOn(new DynamoDBStore({ tableName: await local.createTable() }));
    const first = await getSession(null);
    first.set('user', 'ada');
    first.flash('notice', 'welcome');
    const header = sentBack(await commitSession(first));

    const second = await getSession(header);
    expect([second.get('user'), second.get('notice')]).toEqual(['ada', 'welcome']);
    expect(sentBack(await commitSession(second))).toBe(header);

    const third = await getSession(header);
    expect([third.get('user'), third.get('notice')]).toEqual(['ada', undefined]);
  });

  test('none of 1,000 pairs of concurrent requests that change different fields loses a change', async () => {
    const { getSession, commitSession } = storageOn(new MemoryStore());
    const begun = await getSession(null);
    begun.set('begun', true);
    const header = sentBack(await commitSession(begun));
    const change = async (field: string, value: number) => {
      const session = await getSession(header);
      await new Promise((resolve) => { setImmediate(resolve); });
      session.set(field, value);
      await commitSession(session);
    };
    let lost = 0;
    for (let i = 0; i < 1000; i++) {
      await Promise.all([change('a', i), change('b', i)]);
      const session = await getSession(header);
      lost += Number(session.get('a') !== i || session.get('b') !== i);
    }

    expect(lost).toBe(0);
  });

  test('that were destroyed during a request are not recreated', async () => {
    const { getSession, commitSession, destroySession } = storageOn(new MemoryStore());
    const begun = await getSession(null);
    begun.set('user', 'ada');
    const header = sentBack(await commitSession(begun));
    const slow = await getSession(header);
    slow.set('late', true);
    expect(await destroySession(await getSession(header))).toContain('Expires=Thu, 01 Jan 1970');

    await expect(commitSession(slow)).rejects.toThrow(SessionConflictError);
    expect((await getSession(header)).data).toEqual({});
  });

  test('do not adopt an id that the table does not know', async () => {
    const { getSession, commitSession } = storageOn(new MemoryStore());
    const chosen = sentBack(await cookie.serialize('chosen-by-somebody'));
    const session = await getSession(chosen);
    session.set('user', 'ada');

    expect(session.id).toBe('');
    expect(await cookie.parse(sentBack(await commitSession(session)))).toMatch(/^[\w-]{43}$/);
    expect((await getSession(chosen)).data).toEqual({});
  });

  test('committed twice keep one id', async () => {
    const { getSession, commitSession } = storageOn(new MemoryStore());
    const session = await getSession(null);
    session.set('a', 1);
    const first = await commitSession(session);
    session.set('b', 2);

    expect(sentBack(await commitSession(session))).toBe(sentBack(first));
    expect((await getSession(sentBack(first))).data).toEqual({ a: 1, b: 2 });
  });

  test('expire when the cookie does', async () => {
    const { getSession, commitSession } = storageOn(new MemoryStore());
    const session = await getSession(null);
    session.set('a', 1);
    const header = sentBack(await commitSession(session, { maxAge: 60 }));
    const begun = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => begun + 62_000);

    expect((await getSession(header)).data).toEqual({});
    jest.restoreAllMocks();
  });

  test('refuse an option of another kind at set-up', () => {
    expect(() => createSessionTableStorage({ createSessionStorage, transport: {} } as any)).toThrow('there is no option transport');
  });
});

describe('sessions of React Router in a handler that session() wraps, on one table', () => {
  /** Visits twice, and returns what the second visit finds in each of the two sessions. */
  async function visitTwice(name: string) {
    const store = new MemoryStore();
    const { getSession, commitSession } = createSessionTableStorage({ createSessionStorage, cookie: createCookie(name, { secure: true, path: '/' }), store });
    const handler = withSession(async (event: { cookies: string[] }) => {
      const ofRouter = await getSession(event.cookies.join('; '));
      const found = { ofRouter: ofRouter.get('user'), own: getSessionData() };
      ofRouter.set('user', 'ada');
      setSessionData('of session()');
      return { statusCode: 200, cookies: [await commitSession(ofRouter)], body: JSON.stringify(found) };
    }, { store, update: true, ttl: 900, transport: cookieTransport() });
    const jar = new Map<string, string>();
    let found: unknown;
    for (let visit = 0; visit < 2; visit++) {
      const { cookies, body } = await handler(httpApiV2Event({}, [...jar.values()]) as never) as { cookies: string[]; body: string };
      for (const each of cookies) jar.set(each.split('=')[0], sentBack(each));
      found = JSON.parse(body);
    }
    return found;
  }

  test('are sessions of their own with a cookie of their own, as in the documentation', async () => {
    expect(await visitTwice('__Host-app-session')).toEqual({ ofRouter: 'ada', own: 'of session()' });
  });

  test('lose their cookie to that of session() under one name, as the documentation warns', async () => {
    expect(await visitTwice('__Host-session')).not.toHaveProperty('ofRouter', 'ada');
  });
});
