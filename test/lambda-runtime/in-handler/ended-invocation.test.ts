import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { Socket, connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { sessions } from '../../../lambda-runtime/src/adapters/node.js';
import {
  MemoryStore, NoActiveSessionError, conversation, currentSession, getSessionData, session, sessionsOf, setSessionData, useSessionIdFromSeed,
} from '../../../lambda-runtime/src/index.js';
import type { Conversation, Session, UserSessions } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { close, endpointOf, listen } from '../../fixtures/listening.js';

let store: MemoryStore;
beforeEach(() => { store = new MemoryStore(); });

const invoke = <T>(id: string, handler: () => T) => session(handler, { store, update: true })(bareEvent({ 'session-id': id }));

/** What a call returns, or the name of the error that it throws. */
function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as Error).name;
  }
}

describe('callbacks of pooled connections, which run in the context of the invocation that opened them', () => {
  let server: Server;
  let pool: Socket[];

  beforeAll(async () => {
    server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => { pool = []; });
  afterEach(() => pool.forEach((socket) => socket.destroy()));
  afterAll(() => server.close());

  /** Sends a request over a connection of the pool, opened if there is none, and calls back with the answer. */
  function ask(question: string, callback: (answer: string) => void): void {
    const socket = pool[0] ?? connect((server.address() as AddressInfo).port, '127.0.0.1');
    if (pool.length === 0) {
      pool.push(socket);
      socket.on('data', (answer) => waiting.shift()!(String(answer)));
    }
    waiting.push(callback);
    socket.write(question);
  }
  const waiting: ((answer: string) => void)[] = [];

  test('never see the session of the invocation that opened the connection', async () => {
    const seenBy = (id: string) => invoke(id, async () => {
      setSessionData(`of ${id}`);
      return new Promise((resolve) => ask('?', () => resolve([outcomeOf(getSessionData), outcomeOf(() => currentSession().id)])));
    });

    expect(await seenBy('first')).toEqual(['of first', 'first']);
    expect(await seenBy('second')).toEqual(['NoActiveSessionError', 'NoActiveSessionError']);
  });

  test('say what to do', async () => {
    await invoke('first', () => new Promise<void>((resolve) => ask('?', () => resolve())));
    const error = await invoke('second', () => new Promise((resolve) => ask('?', () => {
      try { resolve(getSessionData()); } catch (thrown) { resolve(thrown); }
    })));

    expect((error as Error).message).toMatch(/getSessionData\(\) was called in the context of an invocation that has ended: .*prefer promises to the callbacks of pooled connections/);
  });
});

describe('a session kept when its invocation has ended', () => {
  async function kept(): Promise<Session> {
    let current!: Session;
    await invoke('the-id', () => {
      setSessionData({ name: 'Ada' });
      current = currentSession();
    });
    return current;
  }

  test.each(['id', 'isNew', 'data', 'createdAt', 'expiresAt'] as const)('cannot be read: %s', async (property) => {
    const current = await kept();

    expect(() => current[property]).toThrow(NoActiveSessionError);
    expect(() => current[property]).toThrow('the invocation of this session has ended: call currentSession() in every invocation');
  });

  test.each<[string, (current: Session) => unknown]>([
    ['set', (current) => current.set(1)],
    ['update', (current) => current.update(() => 1)],
    ['touch', (current) => current.touch()],
    ['regenerate', (current) => current.regenerate()],
    ['destroy', (current) => current.destroy()],
  ])('cannot be changed: %s', async (_, change) => {
    const current = await kept();

    await expect(async () => change(current)).rejects.toThrow(NoActiveSessionError);
  });

  test('can be inspected, which shows the hash and neither the id nor data', async () => {
    const shown = inspect(await kept());

    expect(shown).toMatch(/SessionState [0-9a-f]{12}/);
    expect(shown).not.toMatch(/the-id|Ada/);
  });
});

test.each([
  ['a timer', () => sleep(5)],
  ['a promise', async () => { for (let i = 0; i < 50; i++) await null; }],
])('what an invocation leaves behind reads nothing when it has ended: %s', async (_, wait) => {
  let late!: Promise<unknown>;
  await invoke('id', () => { late = wait().then(() => sleep(5)).then(() => outcomeOf(getSessionData)); });

  expect(await late).toBe('NoActiveSessionError');
});

test('what a handler that throws leaves behind reads nothing either', async () => {
  let late!: Promise<unknown>;
  let current!: Session;
  await expect(invoke('id', () => {
    current = currentSession();
    late = sleep(5).then(() => outcomeOf(getSessionData));
    throw new Error('of the handler');
  })).rejects.toThrow('of the handler');

  expect(() => current.id).toThrow(NoActiveSessionError);
  expect(await late).toBe('NoActiveSessionError');
});

test.each<[string, () => unknown]>([
  ['useSessionIdFromSeed', () => useSessionIdFromSeed('room')],
  ['conversation', () => conversation()],
  ['sessionsOf', () => sessionsOf('ada')],
])('what an invocation leaves behind cannot begin anything when it has ended: %s()', async (caller, begin) => {
  let late!: Promise<unknown>;
  await invoke('id', () => { late = sleep(5).then(begin); });

  await expect(late).rejects.toThrow(NoActiveSessionError);
  await expect(late).rejects.toThrow(`${caller}() was called in the context of an invocation that has ended`);
});

test.each<[string, (kept: Conversation<string>) => unknown]>([
  ['id', (kept) => kept.id()],
  ['append', (kept) => kept.append('late')],
  ['recent', (kept) => kept.recent(10)],
  ['page', (kept) => kept.page()],
  ['removeLast', (kept) => kept.removeLast()],
  ['clear', (kept) => kept.clear()],
  ['applyOnce', (kept) => kept.applyOnce('operation', { append: ['late'] })],
  ['iteration', (kept) => kept[Symbol.asyncIterator]().next()],
])('a conversation kept when its invocation has ended can be neither read nor changed: %s', async (_, use) => {
  let kept!: Conversation<string>;
  await invoke('id', async () => {
    kept = conversation();
    await kept.append('said');
  });

  await expect(async () => use(kept)).rejects.toThrow(NoActiveSessionError);
  expect(await invoke('id', () => conversation().recent(10))).toEqual(['said']);
});

test('a conversation that is being iterated yields nothing more when its invocation has ended', async () => {
  let entries!: AsyncIterator<unknown>;
  await invoke('id', async () => {
    await conversation().append('one', 'two');
    entries = conversation()[Symbol.asyncIterator]();
    expect(await entries.next()).toEqual({ done: false, value: 'one' });
  });

  await expect(entries.next()).rejects.toThrow(NoActiveSessionError);
});

test.each<[string, (kept: UserSessions) => unknown]>([
  ['list', (kept) => kept.list()],
  ['destroy', (kept) => kept.destroy('handle')],
  ['destroyOthers', (kept) => kept.destroyOthers()],
  ['destroyAll', (kept) => kept.destroyAll()],
])('the sessions of a user, kept when their invocation has ended, can be neither listed nor ended: %s', async (_, use) => {
  for (const user of ['ada', 'somebody without a session']) {
    let kept!: UserSessions;
    await invoke('id', () => {
      currentSession().signIn('ada');
      kept = sessionsOf(user);
    });

    await expect(async () => use(kept)).rejects.toThrow(NoActiveSessionError);
  }
  expect(await sessionsOf('ada', { store }).list()).toHaveLength(2);
});

test('a response of a server that has been ended takes no other session while its own is being saved', async () => {
  const withSession = sessions({ store, update: true });
  let outcome: unknown;
  const http = createHttpServer((request, response) => withSession(request, response, () => {
    setSessionData('of the id');
    response.end();
    outcome = outcomeOf(() => useSessionIdFromSeed('room'));
  }));
  await listen(http);
  try {
    await fetch(endpointOf(http), { headers: { 'session-id': 'id' } });
  } finally {
    await close(http);
  }

  expect(outcome).toBe('NoActiveSessionError');
  expect((await store.get('id'))?.value).toEqual({ S: 'of the id' });
});

test('data read before the end stays with whoever has it', async () => {
  let data: unknown;
  await invoke('id', () => {
    setSessionData({ name: 'Ada' });
    data = getSessionData();
  });

  expect(data).toEqual({ name: 'Ada' });
});
