import { cookieTransport, currentSession, session, sessionsOf, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SignInOptions } from '../../../lambda-runtime/src/index.js';
import { openCollections } from '../../../lambda-runtime/src/stores/dynamodb/open-collections.js';
import type { CollectionItem, SessionStore } from '../../../lambda-runtime/src/stores.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore } from '../../fixtures/every-store.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

jest.setTimeout(120_000);

const READ = { timeLimitMs: 10_000, consistentRead: true };
const local = useLocalDynamoDB();

describeEveryStore(({ name, open }) => {
  if (name === 'dynamodb' && local.kind !== 'DynamoDB Local') {
    test.skip('signs users in [skipped: dynalite has no transactions]', () => undefined);
    return;
  }
  let store: SessionStore;
  beforeEach(async () => { store = await open(); });

  /** Runs a handler in the session of this id, or a new one; returns its result and the id from then on. */
  async function visit<T>(id: string | undefined, handler: () => T, options: SessionOptions = {}): Promise<{ result: Awaited<T>; id: string }> {
    let result!: Awaited<T>;
    const response = await session(async () => {
      result = await handler();
      return { statusCode: 200, headers: {} as Record<string, string> };
    }, { store, update: true, ttl: 900, ...options })(bareEvent(id === undefined ? {} : { 'session-id': id }));
    return { result, id: response.headers['session-id'] ?? id };
  }
  const signIn = async (user = 'ada', options?: SignInOptions, from?: string) => (await visit(from, () => currentSession().signIn(user, options))).id;
  const userOf = async (id: string) => (await visit(id, () => currentSession().user)).result;
  const isAlive = async (id: string) => await store.get(id, READ) !== undefined;
  const admin = (user = 'ada') => sessionsOf(user, { store, ttl: 900 });
  const index = async (collection = 'user#ada') => (await openCollections(store, 'test').query({ collection }, READ)).items as CollectionItem[];

  test('knows the user from the sign-in on, in the same invocation and in later ones', async () => {
    const { id, result } = await visit(undefined, () => {
      const before = currentSession().user;
      currentSession().signIn('ada');
      return [before, currentSession().user];
    });

    expect(result).toEqual([undefined, 'ada']);
    expect(await userOf(id)).toBe('ada');
    expect(await userOf('somebody-else')).toBeUndefined();
  });

  test('gives the session a new id and keeps its data', async () => {
    const before = (await visit(undefined, () => setSessionData({ cart: 1 }))).id;
    const after = await signIn('ada', {}, before);

    expect(after).not.toBe(before);
    expect((await visit(after, () => currentSession().data)).result).toEqual({ cart: 1 });
    expect((await visit(before, () => [currentSession().user, currentSession().data])).result).toEqual([undefined, null]);
  });

  test('a session that signs in keeps its createdAt: it is when the session began, not when the user came', async () => {
    const began = async (id: string) => (await visit(id, () => currentSession().createdAt)).result;
    const { id } = await visit(undefined, () => currentSession().set('anonymous'));
    const before = await began(id);

    expect(await began(await signIn('ada', undefined, id))).toEqual(before);
  });

  test('signs in a row whose times are in milliseconds: its index item and its cookie end with it', async () => {
    const now = Math.floor(Date.now() / 1000);
    const inMilliseconds = (time: number) => ({ N: String(time * 1000) });
    await store.create({ row: { key: { S: 'by-hand' }, value: { S: 'cart' }, created_at: inMilliseconds(now - 100), ttl: inMilliseconds(now + 500) } }, READ);
    const handler = session(() => { currentSession().signIn('ada', { persistent: true, ttl: 0, absoluteTimeout: 3600 }); return { statusCode: 200 }; }, {
      store, transport: cookieTransport(), ttl: 900, update: true,
    });
    const { cookies: [cookie] } = await handler({ version: '2.0', requestContext: { http: {} }, headers: {}, cookies: ['__Host-session=by-hand'] }) as any;

    expect(cookie).toMatch(/Max-Age=(3500|3499|3498|3497|3496|3495);/);
    expect(Number((await index())[0].ttl?.N)).toBe(now - 100 + 3600);
  });

  test('stores a session that signs in without data, also with a cookie', async () => {
    const handler = session(() => { currentSession().signIn('ada'); return { statusCode: 200 }; }, { store, transport: cookieTransport(), ttl: 900 });
    const response = await handler({ version: '2.0', requestContext: { http: {} }, headers: {} }) as { cookies?: string[] };

    expect(response.cookies).toEqual([expect.stringMatching(/^__Host-session=/)]);
    expect(await index()).toHaveLength(1);
  });

  test('lists the sessions of a user by label, and which one is current', async () => {
    const laptop = await signIn('ada', { label: 'laptop' });
    const phone = await signIn('ada', { label: 'phone' });
    await signIn('grace', { label: 'desktop' });

    const { result } = await visit(phone, () => sessionsOf('ada').list());
    expect(result.map(({ label, isCurrent }) => [label, isCurrent]).sort()).toEqual([['laptop', false], ['phone', true]]);
    for (const { handle, createdAt, lastUsed } of result) {
      expect([laptop, phone].some((id) => id.includes(handle) || handle.includes(id))).toBe(false);
      expect(Math.abs(Date.now() - createdAt!.getTime())).toBeLessThan(60_000);
      expect(Math.abs(Date.now() - lastUsed!.getTime())).toBeLessThan(60_000);
    }
    expect(await sessionsOf('ada', { store, ttl: 900 }).list()).toMatchObject([{ isCurrent: false }, { isCurrent: false }]);
  });

  test('destroys one session by its handle', async () => {
    const [laptop, phone] = [await signIn('ada', { label: 'laptop' }), await signIn('ada', { label: 'phone' })];
    const [{ handle }] = (await admin().list()).filter(({ label }) => label === 'laptop');

    expect(await sessionsOf('grace', { store }).destroy(handle)).toBe(false);
    expect(await admin().destroy(handle)).toBe(true);
    expect(await admin().destroy(handle)).toBe(false);
    expect([await isAlive(laptop), await isAlive(phone)]).toEqual([false, true]);
  });

  test('destroys all others, and keeps the current session, also if that gets a new id', async () => {
    const ids = [await signIn(), await signIn(), await signIn()];
    const { id: kept } = await visit(ids[0], async () => {
      currentSession().regenerate();
      await sessionsOf('ada').destroyOthers();
    });

    expect(await userOf(kept)).toBe('ada');
    expect([await isAlive(ids[1]), await isAlive(ids[2])]).toEqual([false, false]);
    expect(await index()).toHaveLength(1);
  });

  test('destroys all, and has the client of the current session forget its id', async () => {
    const ids = [await signIn(), await signIn()];
    const other = await signIn('grace');
    const { id } = await visit(ids[0], () => sessionsOf('ada').destroyAll());

    expect(id).toBe('');
    expect(await Promise.all(ids.map(isAlive))).toEqual([false, false]);
    expect(await index()).toEqual([]);
    expect(await userOf(other)).toBe('grace');
  });

  test('destroys all 120 sessions of a user from a function that has none', async () => {
    const ids = await Promise.all(Array.from({ length: 120 }, () => signIn()));
    await admin().destroyAll();

    expect((await Promise.all(ids.map(isAlive))).filter(Boolean)).toEqual([]);
    expect(await index()).toEqual([]);
  });

  test('lists and destroys the sessions of an index of more than DynamoDB returns at the same time', async () => {
    const label = 'x'.repeat(100_000);
    await Promise.all(Array.from({ length: 12 }, () => signIn('ada', { label })));
    const { next } = await openCollections(store, 'test').query({ collection: 'user#ada' }, READ);
    expect(next !== undefined).toBe(name === 'dynamodb');
    const listed = await admin().list();

    expect(listed).toHaveLength(12);
    expect(await admin().destroy(listed.at(-1)!.handle)).toBe(true);
    await admin().destroyAll();
    expect(await index()).toEqual([]);
  });

  test('deleting the rows of the session table signs everybody out, whatever the collections table still holds', async () => {
    const ids = [await signIn('ada'), await signIn('ada'), await signIn('grace')];
    await Promise.all(ids.map((id) => store.destroy(id, READ)));

    expect([await admin('ada').list(), await admin('grace').list()]).toEqual([[], []]);
    expect(await Promise.all(ids.map(userOf))).toEqual([undefined, undefined, undefined]);
  });

  test('a session that somebody begins under an id that was signed in is nobody\'s: it is not listed, and destroyAll ends it as long as the id is remembered', async () => {
    const id = await signIn('ada');
    await store.destroy(id, READ); // as DynamoDB deletes what has expired: the index item stays for a while
    await visit(id, () => currentSession().set('of whoever came next'));

    expect(await userOf(id)).toBeUndefined();
    expect(await admin().list()).toEqual([]);
    await admin().destroyAll();
    expect(await isAlive(id)).toBe(false);
  });

  test('a list in a function whose sessions end earlier forgets none that goes on in others', async () => {
    const day = { ttl: 24 * 3600 };
    const { id } = await visit(undefined, () => currentSession().signIn('ada'), day);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3 * 3600 * 1000);
    try {
      expect(await sessionsOf('ada', { store, ttl: 900, absoluteTimeout: 3600 }).list()).toEqual([]);
      expect(await sessionsOf('ada', { store, ...day }).list()).toHaveLength(1);
      await admin().destroyAll();
      expect(await isAlive(id)).toBe(false);
    } finally {
      clock.mockRestore();
    }
  });

  test('destroy() signs out', async () => {
    const id = await signIn();
    await visit(id, async () => {
      await currentSession().destroy();
      expect(currentSession().user).toBeUndefined();
    });

    expect(await index()).toEqual([]);
  });

  test('finds a session again that got another id', async () => {
    const id = await signIn('ada', { label: 'laptop' });
    const { id: newId } = await visit(id, () => currentSession().regenerate());

    expect(await admin().list()).toMatchObject([{ label: 'laptop' }]);
    await admin().destroyAll();
    expect(await isAlive(newId)).toBe(false);
  });

  test('signing in as another user leaves the first one no session', async () => {
    const id = await signIn('ada');
    const after = await signIn('grace', {}, id);

    expect(await index('user#ada')).toEqual([]);
    expect(await index('user#grace')).toHaveLength(1);
    expect(await userOf(after)).toBe('grace');
  });

  test('a user that signs in and then updates, or the other way round, is signed in', async () => {
    const first = await visit(undefined, async () => {
      currentSession<number>().signIn('ada');
      await currentSession<number>().update(() => 1);
    });
    const second = await visit(undefined, async () => {
      await currentSession<number>().update(() => 2);
      currentSession().signIn('ada');
    });

    expect([await userOf(first.id), await userOf(second.id)]).toEqual(['ada', 'ada']);
    expect(await index()).toHaveLength(2);
  });

  test('two sign-ins of one session at the same time give both clients a session', async () => {
    const before = (await visit(undefined, () => setSessionData({ cart: 1 }))).id;
    const after = await Promise.all([signIn('ada', {}, before), signIn('ada', {}, before)]);

    expect(await Promise.all(after.map(userOf))).toEqual(['ada', 'ada']);
    expect(await index()).toHaveLength(2);
  });

  test('nothing happens if the handler throws', async () => {
    await expect(visit('id', () => {
      currentSession().signIn('ada');
      throw new Error('of the handler');
    })).rejects.toThrow('of the handler');

    expect(await index()).toEqual([]);
  });

  test('users are hashed where ids are, and found if sessionsOf() gets the same option', async () => {
    const { id } = await visit(undefined, () => currentSession().signIn('ada'), { hashIds: true });

    expect(await index()).toEqual([]);
    const hashed = sessionsOf('ada', { store, hashIds: true, ttl: 900 });
    expect(await hashed.list()).toHaveLength(1);
    await hashed.destroyAll();
    expect((await visit(id, () => currentSession().isNew, { hashIds: true })).result).toBe(true);
  });

  test.each(['a#b', '', '\u0000', 'x'.repeat(3000), '__proto__'])('keeps users of any name apart (%#)', async (suffix) => {
    const [one, other] = [await signIn(`1${suffix}`), await signIn(`2${suffix}`)];
    await admin(`1${suffix}`).destroyAll();

    expect([await isAlive(one), await isAlive(other)]).toEqual([false, true]);
  });

  test('has no sessions of a user that cannot sign in: an unpaired surrogate is hashed as another user\'s character', async () => {
    await visit(undefined, () => currentSession().signIn('\ufffd'), { hashIds: true });

    for (const user of ['\ud800', '', 5]) {
      expect(() => sessionsOf(user as string, { store, hashIds: true })).toThrow('sessionsOf() takes the user that was passed to signIn(), a text that is not empty and has no unpaired surrogates');
    }
    expect(await sessionsOf('\ufffd', { store, hashIds: true }).list()).toHaveLength(1);
  });

  describe('a persistent sign-in', () => {
    const WEEK = 7 * 24 * 3600;
    const expiresIn = async (id: string) => Number((await store.get(id, READ))!.ttl!.N) - Date.now() / 1000;

    test('gives the session its own times, which every handler obeys', async () => {
      const id = await signIn('ada', { persistent: true, ttl: WEEK, absoluteTimeout: 4 * WEEK });
      expect(Math.round(await expiresIn(id) / 60)).toBe(WEEK / 60);

      await visit(id, () => setSessionData({ n: 1 }), { ttl: 60, absoluteTimeout: 120 });
      expect(Math.round(await expiresIn(id) / 60)).toBe(WEEK / 60);
      expect(await userOf(id)).toBe('ada');
    });

    test('says when a new session expires by its own times', async () => {
      const { result } = await visit(undefined, () => {
        currentSession().signIn('ada', { persistent: true, ttl: WEEK });
        return currentSession().expiresAt!.getTime() - Date.now();
      });

      expect(Math.round(result / 60_000)).toBe(WEEK / 60);
    });

    test('ends with the next sign-in that is not', async () => {
      const id = await signIn('ada', { persistent: true, ttl: WEEK });
      expect(Math.round(await expiresIn(await signIn('ada', {}, id)) / 60)).toBe(15);
    });

    test('lets the cookie last as long as the session; others end with the browser', async () => {
      const cookieOf = async (options: SignInOptions) => {
        const handler = session(() => { currentSession().signIn('ada', options); return { statusCode: 200 }; }, { store, transport: cookieTransport(), ttl: 900 });
        return (await handler({ version: '2.0', requestContext: { http: {} }, headers: {} }) as any).cookies[0] as string;
      };

      expect(await cookieOf({ persistent: true, ttl: WEEK })).toMatch(/Max-Age=60(4800|4799|4801)/);
      expect(await cookieOf({ persistent: true, ttl: 0, absoluteTimeout: 2 * WEEK })).toMatch(/Max-Age=12(09600|09599|09598)/);
      expect(await cookieOf({})).not.toContain('Max-Age');
    });

    test('has its cookie sent again when a fifth of its time is over, although another function renewed the session', async () => {
      const options = { store, transport: cookieTransport(), ttl: 900, update: true };
      const signingIn = session(() => { currentSession().signIn('ada', { persistent: true, ttl: WEEK }); return { statusCode: 200 }; }, options);
      const looking = session(() => ({ statusCode: 200, body: currentSession().id }), options);
      const ask = async (handler: (event: any) => any, cookie?: string) =>
        await handler({ version: '2.0', requestContext: { http: {} }, headers: {}, cookies: cookie && [cookie] }) as any;
      const [cookie] = (await ask(signingIn)).cookies[0].split(';');
      const start = Date.now();
      const afterPartOfAWeek = (part: number) => jest.spyOn(Date, 'now').mockReturnValue(start + part * WEEK * 1000);
      const { body: id } = await ask(looking, cookie);

      afterPartOfAWeek(0.19);
      await visit(id, () => undefined);
      expect((await ask(looking, cookie)).cookies).toBeUndefined();
      afterPartOfAWeek(0.21);
      expect((await ask(looking, cookie)).cookies[0]).toMatch(new RegExp(`^${cookie.split('%20')[0]}%20[\\da-z-]+; Max-Age=`));
      jest.restoreAllMocks();
    });
  });

  test.each([
    ['an empty user', ['', {}], 'the user must be a text that is not empty'],
    ['a user that is no text', [5, {}], 'the user must be a text'],
    ['an empty label', ['ada', { label: '' }], 'the label must be a text'],
    ['times without persistent', ['ada', { ttl: 5 }], 'ttl and absoluteTimeout of signIn() need persistent: true'],
    ['half seconds', ['ada', { persistent: true, ttl: 0.5 }], 'ttl must be a whole number of seconds, got 0.5'],
  ])('refuses %s', async (_, [user, options], message) => {
    await expect(visit('id', () => currentSession().signIn(user as string, options as SignInOptions))).rejects.toThrow(message);
  });
});

test('says what to set where there is no collections table', async () => {
  const rows = new Map();
  const store = { get: async () => undefined, create: async () => ({ written: true }), rows } as unknown as SessionStore;
  const visit = (handler: () => unknown) => session(handler, { store, ttl: 900 })(bareEvent({}));

  await expect(visit(() => currentSession().signIn('ada'))).rejects.toThrow('signIn() needs a collections table: set collections: true');
  await expect(visit(() => sessionsOf('ada'))).rejects.toThrow('sessionsOf() needs a collections table: set collections: true');
});
