import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryStore, conversation, currentSession, session, sessionsOf, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { Session, SessionStore } from '../../../lambda-runtime/src/index.js';
import type { CollectionQuery, CollectionWrite } from '../../../lambda-runtime/src/stores/collections/collections-store.js';
import { MemoryCollections } from '../../../lambda-runtime/src/stores/collections/memory-collections.js';
import { bareEvent } from '../../fixtures/events.js';

class SlowCollections extends MemoryCollections {
  override async query(query: CollectionQuery) { await sleep(5); return super.query(query); }
  override async write(writes: readonly CollectionWrite[]) { await sleep(5); return super.write(writes); }
}

/** A memory store that takes its time, as one at the other end of a network does. */
class SlowStore extends MemoryStore {
  override readonly collections = new SlowCollections();
  override async get(key: string) { await sleep(5); return super.get(key); }
  override async save(change: Parameters<SessionStore['save']>[0]) { await sleep(5); return super.save(change); }
  override async destroy(key: string) { await sleep(5); return super.destroy(key); }
}

let store: SlowStore;
beforeEach(async () => {
  store = new SlowStore();
  await invoke(() => setSessionData({ count: 1 }));
});

function invoke(handler: (current: Session<{ count: number }>) => void) {
  return session(async () => {
    handler(currentSession());
    return { statusCode: 200, headers: {} as Record<string, string> };
  }, { store, update: true })(bareEvent({ 'session-id': 'id' }));
}

// Lambda freezes the sandbox as soon as the response is out: what is still to be sent then would wait for the next invocation.

test('a destroy that the handler did not await is done before the response', async () => {
  const { headers } = await invoke((current) => void current.destroy());

  expect(headers['session-id']).toBe('');
  expect(await store.get('id')).toBeUndefined();
});

test('updates that the handler did not await are done before the response', async () => {
  await invoke((current) => {
    void current.update((data) => ({ count: data!.count + 1 }));
    void current.update((data) => ({ count: data!.count * 10 }));
  });

  expect((await store.get('id'))?.value).toEqual({ M: { count: { N: '20' } } });
});

test('updates and then a destroy, none awaited, leave no session', async () => {
  await invoke((current) => {
    void current.update((data) => ({ count: data!.count + 1 }));
    void current.destroy();
  });

  expect(await store.get('id')).toBeUndefined();
});

test('an append that the handler did not await is done before the response', async () => {
  await invoke(() => void conversation().append('hello', 'there'));

  const said: unknown[] = [];
  await session(async () => { said.push(...await conversation().recent(5)); }, { store })(bareEvent({ 'session-id': 'id' }));
  expect(said).toEqual(['hello', 'there']);
});

test('a sign-in, and then a sign-out everywhere in the next invocation, neither awaited, leave no session', async () => {
  let id = '';
  await session(async () => {
    currentSession().signIn('ada');
    id = currentSession().id;
    return { statusCode: 200 };
  }, { store, update: true })(bareEvent({ 'session-id': 'id' }));
  expect(await store.get(id)).toBeDefined();
  await session(async () => void sessionsOf('ada').destroyAll(), { store, update: true })(bareEvent({ 'session-id': id }));

  expect(await store.get(id)).toBeUndefined();
});

describe('of the sessions of a user on three devices,', () => {
  let ids: string[];
  const asAda = (run: () => void, id = ids[0]) => session(async () => {
    run();
    return { statusCode: 200, headers: {} as Record<string, string> };
  }, { store, update: true })(bareEvent({ 'session-id': id }));
  const alive = async () => (await Promise.all(ids.map((id) => store.get(id)))).map((row) => row !== undefined);
  const handleOf = async (device: string) => (await sessionsOf('ada', { store }).list()).find(({ label }) => label === device)!.handle;

  beforeEach(async () => {
    ids = [];
    for (const device of ['laptop', 'phone', 'tablet']) {
      await session(async () => {
        currentSession().signIn('ada', { label: device });
        ids.push(currentSession().id);
        return { statusCode: 200 };
      }, { store, update: true })(bareEvent());
    }
  });

  test('a sign-out of the others that the handler did not await is done before the response, and the current one stays', async () => {
    const { headers } = await asAda(() => void sessionsOf('ada').destroyOthers());

    expect(headers['session-id']).toBe(ids[0]);
    expect(await alive()).toEqual([true, false, false]);
    expect(await sessionsOf('ada', { store }).list()).toMatchObject([{ label: 'laptop' }]);
  });

  test('a sign-out of one device that the handler did not await is done before the response', async () => {
    const phone = await handleOf('phone');
    const { headers } = await asAda(() => void sessionsOf('ada').destroy(phone));

    expect(headers['session-id']).toBe(ids[0]);
    expect(await alive()).toEqual([true, false, true]);
  });

  test('a sign-out of this device that the handler did not await is done before the response, which has the client forget its id', async () => {
    const laptop = await handleOf('laptop');
    const { headers } = await asAda(() => void sessionsOf('ada').destroy(laptop));

    expect(headers['session-id']).toBe('');
    expect(await alive()).toEqual([false, true, true]);
  });

  test('a list that the handler did not await does not fail its invocation', async () => {
    expect((await asAda(() => void sessionsOf('ada').list())).statusCode).toBe(200);
  });

  test('sign-outs that the handler did not await are done also if it throws', async () => {
    const [phone, tablet] = [await handleOf('phone'), await handleOf('tablet')];
    await expect(asAda(() => {
      void sessionsOf('ada').destroy(phone);
      void sessionsOf('ada').destroy(tablet);
      throw new Error('of the handler');
    })).rejects.toThrow('of the handler');
    expect(await alive()).toEqual([true, false, false]);

    await expect(asAda(() => {
      void sessionsOf('ada').destroyOthers();
      throw new Error('of the handler');
    })).rejects.toThrow('of the handler');
    expect(await alive()).toEqual([true, false, false]);
  });
});

test('a regenerate that the handler did not await is done before the response', async () => {
  const { headers } = await invoke((current) => void current.regenerate());

  expect(headers['session-id']).toMatch(/^[\w-]{43}$/);
  expect((await store.get(headers['session-id']))?.value).toEqual({ M: { count: { N: '1' } } });
  expect((await store.get('id'))?.value).toEqual({ NULL: true }); // the forwarding row: no data
});

test('what is set while an update is on its way is saved on top of it', async () => {
  await invoke((current) => {
    void current.update((data) => ({ ...data!, count: data!.count + 1 }));
    current.set({ ...current.data!, ...{ seen: true } });
  });

  expect((await store.get('id'))?.value).toEqual({ M: { count: { N: '2' }, seen: { BOOL: true } } });
});

test('what is set after an update was sent is saved on top of it', async () => {
  await session(async () => {
    const current = currentSession<Record<string, unknown>>();
    const update = current.update((data) => ({ ...data, count: 2 }));
    await sleep(1);
    current.set({ ...current.data, seen: true });
    await update;
  }, { store, update: true })(bareEvent({ 'session-id': 'id' }));

  expect((await store.get('id'))?.value).toEqual({ M: { count: { N: '2' }, seen: { BOOL: true } } });
});

test('a destroy that the handler did not await is done also if the handler throws', async () => {
  const failing = session(async () => {
    void currentSession().destroy();
    throw new Error('of the handler');
  }, { store });

  await expect(failing(bareEvent({ 'session-id': 'id' }))).rejects.toThrow('of the handler');
  expect(await store.get('id')).toBeUndefined();
});

test('a sign-out everywhere that the handler did not await is done also if the handler throws', async () => {
  const ids: string[] = [];
  const signIn = session(async () => {
    currentSession().signIn('ada');
    ids.push(currentSession().id);
    return { statusCode: 200 };
  }, { store, update: true });
  for (let device = 0; device < 3; device++) await signIn(bareEvent());
  const failing = session(async () => {
    void sessionsOf('ada').destroyAll();
    throw new Error('of the handler');
  }, { store });

  await expect(failing(bareEvent())).rejects.toThrow('of the handler');
  const left = ids.map((id) => MemoryStore.prototype.get.call(store, id)); // without the time that the slow store takes
  expect(await Promise.all(left)).toEqual([undefined, undefined, undefined]);
});

describe('what fails and nobody awaits fails its invocation, and not the process:', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeAll(() => { process.on('unhandledRejection', note); });
  afterAll(() => { process.off('unhandledRejection', note); });
  beforeEach(() => { unhandled.length = 0; });
  afterEach(async () => {
    await sleep(5);
    expect(unhandled).toEqual([]);
  });

  const failing = (current: Session<any>): Record<string, () => Promise<unknown>> => ({
    'an update whose function throws': () => current.update(() => { throw new Error('on purpose'); }),
    'an update that the store fails': () => {
      store.save = async () => { throw new Error('on purpose'); };
      return current.update(() => ({ count: 2 }));
    },
    'a destroy that the store fails': () => {
      store.destroy = async () => { throw new Error('on purpose'); };
      return current.destroy();
    },
    ...Object.fromEntries(Object.entries({
      'an append': () => conversation().append('hello'),
      'the removal of an entry': () => conversation({ id: 'shared' }).removeLast(),
      'the clearing of a conversation': () => conversation({ id: 'shared' }).clear(),
      'a change of a conversation that is made once': () => conversation({ id: 'shared' }).applyOnce('id', { append: ['hello'] } as never),
      'a sign-out everywhere': () => sessionsOf('ada').destroyAll(),
      'a sign-out of the others': () => sessionsOf('ada').destroyOthers(),
      'a sign-out of one device': () => sessionsOf('ada').destroy('handle'),
      'a list of sessions': () => sessionsOf('ada').list(),
      'a look at a conversation': () => conversation({ id: 'shared' }).recent(1),
    }).map(([name, call]) => [`${name} that the store fails`, () => {
      const fail = async () => { throw new Error('on purpose'); };
      Object.assign(store.collections, { query: fail, write: fail });
      return call();
    }])),
  });
  const names = Object.keys(failing(undefined as unknown as Session));

  test.each(names)('%s', async (name) => {
    await expect(invoke((current) => void failing(current)[name]())).rejects.toThrow('on purpose');
  });

  test.each(names)('%s, long before the handler returns', async (name) => {
    const handler = session(async () => {
      void failing(currentSession())[name]();
      await sleep(20);
    }, { store, update: true });

    await expect(handler(bareEvent({ 'session-id': 'id' }))).rejects.toThrow('on purpose');
  });

  test.each(names)('but not if the handler catches it, soon or later: %s', async (name) => {
    const caught: unknown[] = [];
    const handler = session(async () => {
      await failing(currentSession())[name]().catch((error: Error) => caught.push(error.message));
    }, { store, update: true });
    const late = session(async () => {
      const work = failing(currentSession())[name]();
      await sleep(20);
      await Promise.allSettled([work]).then(([{ status }]) => caught.push(status));
    }, { store, update: true });
    await handler(bareEvent({ 'session-id': 'id' }));
    await late(bareEvent({ 'session-id': 'id' }));

    expect(caught).toEqual(['on purpose', 'rejected']);
  });

  test.each<[string, (current: Session) => void]>([
    ['a regenerate', (current) => { void current.regenerate(); }],
    ['a sign-in', (current) => { void current.signIn('ada'); }],
  ])('%s that the store fails, and the next invocation has nothing of it', async (_, call) => {
    const refuse = async () => { throw new Error('on purpose'); };
    await expect(invoke((current) => {
      Object.assign(store, { regenerate: refuse, save: refuse });
      call(current);
    })).rejects.toThrow('on purpose');
    delete (store as Partial<SlowStore>).save;
    delete (store as Partial<SlowStore>).regenerate;
    const seen: unknown[] = [];

    expect((await invoke((current) => { seen.push(current.data); })).headers['session-id']).toBe('id');
    expect(seen).toEqual([{ count: 1 }]);
  });

  test('also if the handler throws something else', async () => {
    await expect(invoke((current) => {
      void current.update(() => { throw new Error('on purpose'); });
      throw new Error('of the handler');
    })).rejects.toThrow('of the handler');
  });

  test('a refused update: without the option update', async () => {
    const handler = session(async () => { void currentSession().update(() => 1); }, { store });

    await expect(handler(bareEvent({ 'session-id': 'id' }))).rejects.toThrow('update(fn) needs the option update: true');
  });
});
