import { createHash } from 'node:crypto';
import { MemoryStore, cookieTransport, currentSession, getSessionData, session, sessionsOf, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionRow, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent, webSocketEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';

const LIMITS = { timeLimitMs: 10_000 };
const READ = { ...LIMITS, consistentRead: true };
const ID = { 'session-id': 'id' };

const linkKey = (connectionId: string) => `\u0001ws:${createHash('sha256').update(connectionId).digest('hex')}`;

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRegeneration = testWhere(returnsFoundRows, 'dynalite has no transactions');
  let store: RecordingStore;

  beforeEach(async () => { store = recording(await open()); });

  function invoke(event: unknown, run: () => unknown = () => undefined, options: SessionOptions = {}): Promise<any> {
    const handler = session(async () => {
      const result = await run();
      return result === undefined ? { statusCode: 200 } : result;
    }, { store, update: true, ...options });
    return handler(event);
  }

  const row = (key: string): Promise<SessionRow | undefined> => store.get(key, { ...LIMITS, consistentRead: true });
  const linkOf = (connectionId: string) => row(linkKey(connectionId));
  const count = () => setSessionData((getSessionData<number>() ?? 0) + 1);

  test('messages have the session of the header that connected', async () => {
    await invoke(bareEvent(ID), count);
    await invoke(webSocketEvent('CONNECT', 'one', { 'Session-Id': 'id' }), count);
    await invoke(webSocketEvent('MESSAGE', 'one'), count);
    await invoke(webSocketEvent('MESSAGE', 'one'), count);

    expect((await row('id'))?.value).toEqual({ N: '4' });
  });

  test('messages have the session of the cookie that connected', async () => {
    const options = { transport: cookieTransport() };
    const { headers } = await invoke(bareEvent(), count, options);
    const Cookie = headers['set-cookie'].split(';')[0];
    const seen: unknown[] = [];

    await invoke(webSocketEvent('CONNECT', 'one', { Cookie }), count, options);
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { seen.push(getSessionData()); }, options);

    expect(seen).toEqual([2]);
  });

  test('two connections may have one session, and one never has the session of another', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count);
    await invoke(webSocketEvent('CONNECT', 'two', ID), count);
    await invoke(webSocketEvent('CONNECT', 'three', { 'session-id': 'other' }), count);
    await invoke(webSocketEvent('MESSAGE', 'one'), count);
    await invoke(webSocketEvent('MESSAGE', 'two'), count);
    await invoke(webSocketEvent('MESSAGE', 'three'), count);

    expect((await row('id'))?.value).toEqual({ N: '4' });
    expect((await row('other'))?.value).toEqual({ N: '2' });
  });

  test('a link is a row of its own, for as long as a connection can last', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID));
    const { key, value, created_at: createdAt, ttl } = (await linkOf('one'))!;

    expect({ key, value }).toEqual({ key: { S: linkKey('one') }, value: { M: { key: { S: 'id' }, created_at: (await row('id'))!.created_at } } });
    expect(Math.floor(Number(createdAt!.N)) + 7200).toBe(Number(ttl!.N));
  });

  test('a message costs two reads, and a link is written once', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID));
    expect(store.calls).toEqual(['get', 'create', 'create']);
    store.calls.length = 0;

    await invoke(webSocketEvent('MESSAGE', 'one'));
    expect(store.calls).toEqual(['get', 'get']);
  });

  test('a disconnection has the session and ends the link, not the session', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count);
    const seen: unknown[] = [];
    await invoke(webSocketEvent('DISCONNECT', 'one'), () => { seen.push(getSessionData()); });

    expect(seen).toEqual([1]);
    expect(await linkOf('one')).toBeUndefined();
    expect(await row('id')).toBeDefined();
  });

  test('a link that leads nowhere begins a fresh session, and leads there from then on', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count);
    await store.destroy('id', LIMITS);
    const seen: unknown[] = [];
    const lookAndCount = () => {
      seen.push({ id: currentSession().id, data: getSessionData() });
      count();
    };
    await invoke(webSocketEvent('MESSAGE', 'one'), lookAndCount);
    await invoke(webSocketEvent('MESSAGE', 'one'), lookAndCount);

    expect(seen).toEqual([{ id: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), data: null }, { id: (seen[0] as { id: string }).id, data: 1 }]);
    expect(await row('id')).toBeUndefined();
  });

  test('a link to an expired session begins a fresh one', async () => {
    await store.create({ row: { key: { S: 'id' }, value: { N: '7' }, ttl: { N: String(Math.floor(Date.now() / 1000) + 2) } } }, LIMITS);
    await invoke(webSocketEvent('CONNECT', 'one', ID));
    await store.save({ from: (await row('id'))!, condition: 'any-value', value: { N: '7' }, expiresAt: 1, now: 0 }, LIMITS);
    const seen: unknown[] = [];
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { seen.push(getSessionData()); });

    expect(seen).toEqual([null]);
    expect((await linkOf('one'))?.value?.M?.key.S).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('messages on a connection without link share a fresh session from the first on', async () => {
    await invoke(webSocketEvent('MESSAGE', 'one'), count);
    const seen: unknown[] = [];
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { seen.push(getSessionData()); });

    expect(seen).toEqual([1]);
  });

  test('the connection id presented as a header is an id like any other, and leads to no session of a connection', async () => {
    await invoke(webSocketEvent('CONNECT', 'L0SM9cOFvHcCIhw=', ID), count);
    const seen: unknown[] = [];
    for (const presented of ['L0SM9cOFvHcCIhw=', linkKey('L0SM9cOFvHcCIhw='), linkKey('L0SM9cOFvHcCIhw=').slice(1)]) {
      await invoke(bareEvent({ 'session-id': presented }), () => { seen.push({ isNew: currentSession().isNew, data: getSessionData() }); });
    }

    expect(seen).toEqual(Array(3).fill({ isNew: true, data: null }));
    expect((await linkOf('L0SM9cOFvHcCIhw='))?.value?.M?.key).toEqual({ S: 'id' });
  });

  test('headers of a message are not looked at', async () => {
    await invoke(bareEvent(ID), count);
    const seen: unknown[] = [];
    await invoke({ ...webSocketEvent('MESSAGE', 'one'), headers: ID }, () => { seen.push(getSessionData()); });

    expect(seen).toEqual([null]);
  });

  testRegeneration('a session regenerated in a message is found by the next one', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count);
    await invoke(webSocketEvent('MESSAGE', 'one'), () => currentSession().regenerate());
    const seen: unknown[] = [];
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { seen.push([currentSession().id === 'id', getSessionData()]); });

    expect(seen).toEqual([[false, 1]]);
    expect(await row('id')).toHaveProperty('moved_to');
  });

  test('a session destroyed in a message takes its link with it', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count);
    await invoke(webSocketEvent('MESSAGE', 'one'), () => currentSession().destroy());

    expect(await linkOf('one')).toBeUndefined();
    expect(await row('id')).toBeUndefined();
  });

  testRegeneration('a link that was ended meanwhile is not recreated by a message', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count);
    await invoke(webSocketEvent('MESSAGE', 'one'), async () => {
      currentSession().regenerate();
      await invoke(webSocketEvent('DISCONNECT', 'one'));
    });

    expect(await linkOf('one')).toBeUndefined();
  });

  test('a connection whose session was not saved is not linked', async () => {
    await invoke(webSocketEvent('CONNECT', 'one'), () => undefined, { saveUninitialized: false });

    expect(await linkOf('one')).toBeUndefined();
  });

  test('$disconnect of a connection without a session makes none: nobody could come back to it', async () => {
    await invoke(webSocketEvent('DISCONNECT', 'one'), () => setSessionData('last words'));

    expect(store.calls).toEqual(['get', 'destroy']);
  });

  test('a handler that throws leaves the connection as it was', async () => {
    await expect(invoke(webSocketEvent('CONNECT', 'one', ID), () => { throw new Error('refused'); })).rejects.toThrow('refused');

    expect(await linkOf('one')).toBeUndefined();
  });

  test('hashIds: neither row nor link holds the id, and messages have the session', async () => {
    const options = { hashIds: true, pepper: 'a pepper that is long enough: 32 bytes' };
    await invoke(webSocketEvent('CONNECT', 'one', ID), count, options);
    await invoke(webSocketEvent('MESSAGE', 'one'), count, options);
    const key = (await linkOf('one'))!.value!.M!.key.S!;

    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect((await row(key))?.value).toEqual({ N: '2' });
    expect(await row('id')).toBeUndefined();
  });

  test.each([true, false])('hashIds: in a message the id is its hash, which leads nowhere from outside: to a function with hashIds %j', async (hashIds) => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), count, { hashIds: true });
    const known: string[] = [];
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { known.push(currentSession().id); }, { hashIds: true });
    const seen: unknown[] = [];
    await invoke(bareEvent({ 'session-id': known[0] }), () => { seen.push(getSessionData()); }, { hashIds });

    expect(known).toEqual([createHash('sha256').update('id').digest('hex')]);
    expect(seen).toEqual([null]);
  });

  test('the absolute timeout of sessions is not one of links', async () => {
    const options = { absoluteTimeout: 3600 };
    await invoke(webSocketEvent('CONNECT', 'one', ID), count, options);
    const link = (await linkOf('one'))!;
    await store.destroy(link.key.S!, LIMITS);
    await store.create({ row: { ...link, created_at: { N: String(Number(link.created_at!.N) - 4000) } } }, LIMITS);
    const seen: unknown[] = [];
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { seen.push(getSessionData()); }, options);

    expect(seen).toEqual([1]);
  });
});

describe('the result', () => {
  const respond = (event: unknown, store: SessionStore, run: () => unknown = () => undefined) =>
    session(async () => {
      await run();
      return { statusCode: 200 };
    }, { store })(event);

  test('of $connect carries the id', async () => {
    expect(await respond(webSocketEvent('CONNECT', 'one', ID), new MemoryStore())).toEqual({ statusCode: 200, headers: ID });
  });

  test.each<['MESSAGE' | 'DISCONNECT']>([['MESSAGE'], ['DISCONNECT']])('of %s has no headers that anybody reads, and is left alone', async (phase) => {
    const store = new MemoryStore();
    await respond(webSocketEvent('CONNECT', 'one', ID), store);

    expect(await respond(webSocketEvent(phase, 'one'), store)).toEqual({ statusCode: 200 });
    expect(await respond(webSocketEvent(phase, 'one'), store, () => currentSession().destroy())).toEqual({ statusCode: 200 });
  });
});

describe('who has the session of a connection', () => {
  let store: RecordingStore;
  const options = { update: true, saveUninitialized: false };

  beforeEach(() => { store = recording(new MemoryStore()); });

  const invoke = (event: unknown, run: () => unknown, more: SessionOptions = {}) => session(async () => {
    await run();
    return { statusCode: 200 };
  }, { store, ...options, ...more })(event);
  const message = (run: () => unknown) => invoke(webSocketEvent('MESSAGE', 'one'), run);
  const increment = () => currentSession<number>().update((count) => (count ?? 0) + 1);

  test('two first messages at the same time on a connection without link begin one session, and no update is lost', async () => {
    await invoke(webSocketEvent('CONNECT', 'one'), () => undefined);
    await Promise.all([message(increment), message(increment), message(increment)]);
    const seen: unknown[] = [];
    await message(() => { seen.push(getSessionData()); });

    expect(seen).toEqual([3]);
  });

  test.each<[string, SessionOptions]>([
    ['in a header', {}],
    ['in a cookie', { transport: cookieTransport() }],
    ['hashed', { hashIds: true }],
  ])('two first messages at the same time keep what both set, with the id %s', async (_, more) => {
    const put = (field: string) => () => setSessionData({ ...getSessionData<object>(), [field]: 1 });
    await invoke(webSocketEvent('CONNECT', 'one'), () => undefined, more);
    await Promise.all(['a', 'b'].map((field) => invoke(webSocketEvent('MESSAGE', 'one'), put(field), more)));
    const seen: unknown[] = [];
    await invoke(webSocketEvent('MESSAGE', 'one'), () => { seen.push(getSessionData()); }, more);

    expect(seen).toEqual([{ a: 1, b: 1 }]);
  });

  test('two messages at the same time on a connection whose session was destroyed begin one session', async () => {
    await invoke(webSocketEvent('CONNECT', 'one', ID), () => setSessionData(7));
    await store.destroy('id', LIMITS);
    await Promise.all([message(increment), message(increment)]);
    const seen: unknown[] = [];
    await message(() => { seen.push(getSessionData()); });

    expect(seen).toEqual([2]);
    expect(await store.get('id', { ...LIMITS, consistentRead: true })).toBeUndefined();
  });

  test('the next message of a connection whose first one stored nothing costs two reads', async () => {
    await message(() => undefined);
    store.calls.length = 0;
    await message(() => undefined);

    expect(store.calls).toEqual(['get', 'get']);
  });

  test('a link ends with the life of its session: one that was begun again under the same id is not the connection\'s', async () => {
    const http = (run: () => unknown) => invoke(bareEvent(ID), run);
    await http(() => setSessionData('of the first user'));
    await invoke(webSocketEvent('CONNECT', 'one', ID), () => undefined);
    await http(() => currentSession().destroy());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await http(() => setSessionData('of the second user'));
    const seen: unknown[] = [];
    await message(() => { seen.push(getSessionData()); });

    expect(seen).toEqual([null]);
  });

  test('a session that was begun by a message is found by its connection, also when its row was made manually', async () => {
    await store.create({ row: { key: { S: 'id' }, value: { N: '1' } } }, LIMITS);
    await invoke(webSocketEvent('CONNECT', 'one', ID), () => undefined);
    await message(increment);
    const seen: unknown[] = [];
    await message(() => { seen.push(getSessionData()); });

    expect(seen).toEqual([2]);
  });

  test('a link of an earlier version, which holds the key alone, leads to its session', async () => {
    await store.create({ row: { key: { S: 'id' }, value: { N: '1' }, created_at: { N: '1700000000' } } }, LIMITS);
    await store.create({ row: { key: { S: linkKey('one') }, value: { S: 'id' }, created_at: { N: '1700000000' } } }, LIMITS);
    const seen: unknown[] = [];
    await message(() => { seen.push(getSessionData()); });

    expect(seen).toEqual([1]);
  });

  test.each([401, '403', 302])('a refused $connect leaves neither row nor link: %j', async (statusCode) => {
    await session(async () => ({ statusCode }), { store })(webSocketEvent('CONNECT', 'one'));
    await session(async () => ({ statusCode }), { store })(webSocketEvent('CONNECT', 'one', ID));

    expect(store.calls).toEqual(['get']);
  });

  test.each<[string, () => unknown]>([
    ['data that was set', () => setSessionData('junk')],
    ['a regenerated id', () => { setSessionData('junk'); currentSession().regenerate(); }],
  ])('a refused $connect begins no session, whatever its handler did: %s', async (_, run) => {
    for (const event of [webSocketEvent('CONNECT', 'one'), webSocketEvent('CONNECT', 'one', ID)]) {
      const handler = session(async () => {
        await run();
        return { statusCode: 401 };
      }, { store, update: true });

      expect(await handler(event)).toEqual({ statusCode: 401 });
    }
    expect(store.calls).toEqual(['get']);
  });

  test('a refused $connect signs nobody in', async () => {
    const ownStore = new MemoryStore();
    await session(async () => {
      currentSession().signIn('ada');
      return { statusCode: 401 };
    }, { store: ownStore, update: true })(webSocketEvent('CONNECT', 'one'));

    expect(await sessionsOf('ada', { store: ownStore }).list()).toEqual([]);
  });

  test('a refused $connect saves what it changed in a session that exists, and leaves no link', async () => {
    await invoke(bareEvent(ID), () => setSessionData({ attempts: 1 }));
    await session(async () => {
      setSessionData({ attempts: 2 });
      return { statusCode: 401 };
    }, { store, update: true })(webSocketEvent('CONNECT', 'one', ID));

    expect((await store.get('id', READ))?.value).toEqual({ M: { attempts: { N: '2' } } });
    expect(await store.get(linkKey('one'), READ)).toBeUndefined();
  });

  test('the authorizer of a WebSocket is not its $connect: the messages do not have its session', async () => {
    const event = { ...webSocketEvent('CONNECT', 'one', { 'session-id': 'authorizer' }), type: 'REQUEST', methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:api/prod/$connect' };
    const policy = { principalId: 'user', policyDocument: { Version: '2012-10-17', Statement: [] } };
    const result = await session(async () => {
      setSessionData('of the authorizer');
      return policy;
    }, { store, update: true })(event);
    const seen: unknown[] = [];
    await message(() => { seen.push(getSessionData()); });

    expect(result).toBe(policy);
    expect(seen).toEqual([null]);
  });
});
