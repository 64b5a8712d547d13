import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  NoActiveSessionError, SessionError, cookieTransport, currentSession, getSessionData, session, setSessionData, useSessionIdFromSeed,
} from '../../../lambda-runtime/src/index.js';
import type { Session, SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore } from '../../fixtures/every-store.js';

interface Response { headers: Record<string, string>; body: unknown }

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describeEveryStore(({ open }) => {
  let store: SessionStore;

  beforeEach(async () => { store = await open(); });

  const answer = (body: unknown = null) => ({ statusCode: 200, headers: {}, body });
  const rowOf = (key: string) => store.get(key, { timeLimitMs: 10_000, consistentRead: true });

  function invoke(handler: () => unknown, id?: string, options: SessionOptions = {}) {
    const wrapped = session(async () => answer(await handler()), { store, update: true, ...options });
    return wrapped(bareEvent(id === undefined ? undefined : { 'session-id': id })) as Promise<Response>;
  }

  const setFor = (seed: string, data: unknown) => invoke(async () => {
    await useSessionIdFromSeed(seed);
    setSessionData(data);
  });

  const dataFor = async (seed: string) => (await invoke(async () => {
    await useSessionIdFromSeed(seed);
    return getSessionData();
  })).body;

  test('an empty seed is a seed: everybody who has it shares a session', async () => {
    const { headers } = await setFor('', 'nobody\'s');

    expect(headers['session-id']).toBe(SHA256_OF_NOTHING);
    expect(await dataFor('')).toBe('nobody\'s');
  });

  test('a seed may be any text, and no two that differ share a session', async () => {
    const seeds = ['é', 'e\u0301', '💬', ' ', '\u0000', '\n', 'x'.repeat(10_000), '__proto__'];
    for (const seed of seeds) {
      await setFor(seed, seed);
    }

    for (const seed of seeds) {
      expect(await dataFor(seed)).toBe(seed);
    }
  });

  test.each([['an unpaired surrogate', 'a\ud800'], ['no text', undefined], ['a number', 17]])('a seed that is %s is an error, and nothing is saved', async (_, seed) => {
    await expect(setFor(seed as string, 'x')).rejects.toThrow(SessionError);
    expect(await dataFor('a\ufffd')).toBeNull();
  });

  test('the session of a seed is found by its id too, also by a client that may make none of its own', async () => {
    const { headers: { 'session-id': id } } = await setFor('room', 'shared');

    expect((await invoke(() => getSessionData(), id, { clientIds: 'reject' })).body).toBe('shared');
  });

  test('used twice, the last seed counts, and what was set between is dropped', async () => {
    const { headers } = await invoke(async () => {
      await useSessionIdFromSeed('first');
      setSessionData('dropped');
      await useSessionIdFromSeed('second');
      setSessionData('kept');
    });

    expect(await dataFor('second')).toBe('kept');
    expect(await dataFor('first')).toBeNull();
    expect((await rowOf(headers['session-id']))?.value).toEqual({ S: 'kept' });
  });

  test('used twice with the same seed, what was set between is dropped', async () => {
    await setFor('room', 'before');
    await invoke(async () => {
      await useSessionIdFromSeed('room');
      setSessionData('dropped');
      await useSessionIdFromSeed('room');
    });

    expect(await dataFor('room')).toBe('before');
  });

  test('the session that a client came with is left alone', async () => {
    const { headers: { 'session-id': own } } = await invoke(() => setSessionData('own'));
    await invoke(async () => {
      setSessionData('dropped');
      await useSessionIdFromSeed('room');
      setSessionData('shared');
    }, own);

    expect((await rowOf(own))?.value).toEqual({ S: 'own' });
  });

  test('after destroy, the client receives the id of the seed and is not asked to forget one', async () => {
    const { headers: { 'session-id': own } } = await invoke(() => setSessionData('own'));
    const { headers } = await invoke(async () => {
      await currentSession().destroy();
      await useSessionIdFromSeed('room');
      setSessionData('shared');
    }, own);

    expect(await rowOf(own)).toBeUndefined();
    expect((await rowOf(headers['session-id']))?.value).toEqual({ S: 'shared' });
  });

  test('an update that nobody awaited is applied to the session it was made for', async () => {
    const { headers: { 'session-id': own } } = await invoke(() => setSessionData(1));
    await invoke(async () => {
      void currentSession<number>().update((count) => count! + 1);
      await useSessionIdFromSeed('room');
    }, own);

    expect((await rowOf(own))?.value).toEqual({ N: '2' });
    expect(await dataFor('room')).toBeNull();
  });

  test.each<[string, (current: Session) => unknown]>([
    ['setSessionData', () => setSessionData('misplaced')],
    ['getSessionData', () => getSessionData()],
    ['set', (current) => current.set('misplaced')],
    ['update', (current) => current.update(() => 'misplaced')],
    ['destroy', (current) => current.destroy()],
    ['data', (current) => current.data],
    ['another seed', () => useSessionIdFromSeed('another room')],
  ])('not awaited, the session cannot be used until it has finished, and nothing is saved: %s', async (_, use) => {
    const { headers: { 'session-id': own } } = await invoke(() => setSessionData('own'));
    const misplaced = invoke(async () => {
      const current = currentSession();
      void useSessionIdFromSeed('room');
      await use(current);
    }, own);

    await expect(misplaced).rejects.toThrow('useSessionIdFromSeed() has not finished: await it');
    expect((await rowOf(own))?.value).toEqual({ S: 'own' });
    expect(await dataFor('room')).toBeNull();
  });

  test('a handler that returns before it has finished fails, when the read is done, and nothing is saved', async () => {
    let isRead = false;
    const slow = {
      ...methodsOf(store),
      get: async (...args: Parameters<SessionStore['get']>) => {
        const row = await store.get(...args);
        await sleep(20);
        isRead = true;
        return row;
      },
    };
    const unfinished = invoke(() => {
      setSessionData('own');
      void useSessionIdFromSeed('room');
    }, undefined, { store: slow });

    await expect(unfinished).rejects.toThrow('useSessionIdFromSeed() has not finished: await it');
    expect(isRead).toBe(true);
    expect(await dataFor('room')).toBeNull();
  });

  test('not awaited, but finished in time: what comes after that goes into the session of the seed', async () => {
    const { headers: { 'session-id': own } } = await invoke(() => setSessionData('own'));
    await invoke(async () => {
      let isFinished = false;
      void useSessionIdFromSeed('room').then(() => { isFinished = true; });
      while (!isFinished) await sleep(1);
      setSessionData('shared');
    }, own);

    expect((await rowOf(own))?.value).toEqual({ S: 'own' });
    expect(await dataFor('room')).toBe('shared');
  });

  test.each<[string, (seeding: Promise<void>) => unknown]>([
    ['awaited', (seeding) => seeding],
    ['not awaited', () => sleep(20)],
    ['not awaited by a handler that returns before', () => undefined],
    ['caught', (seeding) => seeding.catch(() => undefined)],
  ])('a session that cannot be loaded fails the invocation, and neither the process nor another session: %s', async (_, wait) => {
    const { headers: { 'session-id': own } } = await invoke(() => setSessionData('own'));
    const failure = new Error('the store is down');
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const failing = {
      ...methodsOf(store),
      get: async (...args: Parameters<SessionStore['get']>) => {
        if (args[0] !== own) throw failure;
        return store.get(...args);
      },
    };
    try {
      await expect(invoke(async () => {
        setSessionData('never saved');
        await wait(useSessionIdFromSeed('room'));
      }, own, { store: failing })).rejects.toThrow(/the store is down|has not finished/);
      await sleep(20);
    } finally {
      process.off('unhandledRejection', unhandled);
    }

    expect(unhandled).not.toHaveBeenCalled();
    expect((await rowOf(own))?.value).toEqual({ S: 'own' });
  });

  test('after a session that could not be loaded, another one can be', async () => {
    let isDown = true;
    const recovering = {
      ...methodsOf(store),
      get: async (...args: Parameters<SessionStore['get']>) => {
        if (isDown) throw new Error('the store is down');
        return store.get(...args);
      },
    };
    await invoke(async () => {
      await useSessionIdFromSeed('room').catch(() => { isDown = false; });
      await useSessionIdFromSeed('room');
      setSessionData('shared');
    }, undefined, { store: recovering });

    expect(await dataFor('room')).toBe('shared');
  });

  test('an expired session of a seed begins again', async () => {
    const { headers: { 'session-id': id } } = await setFor('room', 'old');
    await store.touch({ from: (await rowOf(id))!, expiresAt: 1_600_000_000, now: 1_500_000_000 }, { timeLimitMs: 10_000 });

    expect(await dataFor('room')).toBeNull();
  });

  const cookieOf = (response: Response) => /^(__Host-session=[^;]+);/.exec(response.headers['Set-Cookie'] ?? response.headers['set-cookie'])![1];

  test('a cookie whose ids are not signed is refused: anybody who guesses the seed could present the id', async () => {
    const refused = invoke(() => useSessionIdFromSeed('room'), undefined, { transport: cookieTransport() });

    await expect(refused).rejects.toThrow('useSessionIdFromSeed() needs signed cookies');
    expect(await dataFor('room')).toBeNull();
  });

  test('a signed cookie brings the id to the client, and a guessed one leads nowhere', async () => {
    const transport = cookieTransport({ secrets: ['a secret of at least thirty-two bytes'] });
    const present = (cookie: string) => session(async () => answer(getSessionData()), { store, transport })({ headers: { cookie } });
    await setFor('room', 'shared');
    const cookie = cookieOf(await invoke(() => useSessionIdFromSeed('room'), undefined, { transport }));
    const guessed = createHash('sha256').update('room').digest('hex');

    expect(await present(cookie)).toMatchObject({ body: 'shared' });
    expect(await present(`__Host-session=${guessed}`)).toMatchObject({ body: null });
    expect(await present(`__Host-session=${guessed}.${cookie.split('.')[1].replace(/^./, '-')}`)).toMatchObject({ body: null });
  });
});

test('outside a handler there is no session to replace', () => {
  expect(() => useSessionIdFromSeed('room')).toThrow(NoActiveSessionError);
});

/** The methods of a store, which may be in its prototype, bound to it. */
function methodsOf(store: SessionStore): SessionStore {
  const names = ['get', 'create', 'save', 'touch', 'regenerate', 'destroy'] as const;
  return Object.fromEntries(names.map((name) => [name, (store[name] as (...args: unknown[]) => unknown).bind(store)])) as unknown as SessionStore;
}
