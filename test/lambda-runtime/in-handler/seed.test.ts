import { setTimeout as sleep } from 'node:timers/promises';
import {
  NoActiveSessionError, SessionError, cookieTransport, currentSession, getSessionData, session, setSessionData, useSessionIdFromSeed,
} from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
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

  test('after destroy, the client is told the id of the seed and not to forget one', async () => {
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

  test('not awaited, it fails and changes nothing: the session that the client came with is saved', async () => {
    let pending: Promise<void> | undefined;
    const { headers } = await invoke(() => {
      setSessionData('own');
      pending = useSessionIdFromSeed('room').then(() => sleep(0));
      pending.catch(() => undefined); // awaited below
    });

    await expect(pending).rejects.toThrow(NoActiveSessionError);
    expect((await rowOf(headers['session-id']))?.value).toEqual({ S: 'own' });
    expect(await dataFor('room')).toBeNull();
  });

  test('an expired session of a seed begins anew', async () => {
    const { headers: { 'session-id': id } } = await setFor('room', 'old');
    await store.touch({ from: (await rowOf(id))!, expiresAt: 1_600_000_000, now: 1_500_000_000 }, { timeLimitMs: 10_000 });

    expect(await dataFor('room')).toBeNull();
  });

  test('a cookie brings its id to the client', async () => {
    await setFor('room', 'shared');
    const response = await invoke(() => useSessionIdFromSeed('room'), undefined, { transport: cookieTransport() });
    const [, cookie] = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'set-cookie')!;

    expect((await rowOf(/^__Host-session=([0-9a-f]{64});/.exec(cookie)![1]))?.value).toEqual({ S: 'shared' });
  });
});

test('outside a handler there is no session to replace', async () => {
  await expect(useSessionIdFromSeed('room')).rejects.toThrow(NoActiveSessionError);
});
