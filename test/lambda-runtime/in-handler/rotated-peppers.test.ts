import { keptSessions } from '../../../lambda-runtime/src/frameworks/kept-sessions.js';
import { MemoryStore, useSessionIdFromSeed } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { visitsTo } from '../../fixtures/visits-to-a-store.js';

const [OLD, NEW] = ['the older of two peppers, 32 bytes..', 'the newer of two peppers, 32 bytes..'];
const under = (...pepper: string[]): SessionOptions => ({ hashIds: true, pepper });
let store: RecordingStore;
const { visit } = visitsTo(() => store);

beforeEach(() => { store = recording(new MemoryStore()); });

const begin = (id: string, data: unknown, options = under(OLD)) => visit(id, (current) => current.set(data), options);
const dataOf = async (id: string, options = under(NEW, OLD)) => {
  let data: unknown;
  await visit(id, (current) => { data = current.data; }, { ...options, saveUninitialized: false });
  return data;
};

describe('a session under a former pepper', () => {
  beforeEach(() => begin('id', { visits: 1 }));

  test('is changed where it is, and not made a second time', async () => {
    await visit('id', (current) => current.set({ visits: 2 }), under(NEW, OLD));
    await visit('id', (current) => current.update((data) => ({ visits: data!.visits + 1 })), under(NEW, OLD));

    expect(await dataOf('id', under(OLD))).toEqual({ visits: 3 });
    expect(await dataOf('id', under(NEW))).toBeNull();
  });

  test('ends with a logout', async () => {
    await visit('id', (current) => current.destroy(), under(NEW, OLD));

    expect(await dataOf('id')).toBeNull();
  });

  test('ends with a logout also where a function that did not know it has begun another under the same id', async () => {
    await begin('id', 'another', under(NEW));
    await visit('id', (current) => current.destroy(), under(NEW, OLD));

    expect(await dataOf('id')).toBeNull();
  });
});

test.each([['former', under(OLD)], ['new', under(NEW)]])('the id of a session under a %s pepper is nobody\'s once it gets another', async (_, options) => {
  await begin('id', { visits: 1 }, options);
  const moved = (await visit('id', (current) => current.regenerate(), under(NEW, OLD)))!;
  const sent = await visit('id', (current) => current.set('a new session'), under(NEW, OLD));

  expect(sent).toMatch(/^[\w-]{43}$/);
  expect(sent).not.toBe(moved);
  expect(await dataOf('id')).toBeNull();
  expect(await dataOf(moved, under(NEW))).toEqual({ visits: 1 });
});

test('the session of a seed is found under a former pepper', async () => {
  const inRoom = (run: Parameters<typeof visit>[1], options: SessionOptions) => visit(undefined, async (current) => {
    await useSessionIdFromSeed('room 1');
    await run(current);
  }, options);
  await inRoom((current) => current.set('of the room'), under(OLD));

  await inRoom((current) => {
    expect(current.data).toBe('of the room');
    current.set('changed');
  }, under(NEW, OLD));
  await inRoom((current) => expect(current.data).toBe('changed'), under(OLD));
});

describe('the session that a framework keeps, under a former pepper', () => {
  const sessionsUnder = (...pepper: string[]) => keptSessions('a framework', { store, ...under(...pepper) });
  const dataIn = async (sessions: ReturnType<typeof sessionsUnder>) => (await sessions.load('id'))?.data;

  beforeEach(() => sessionsUnder(OLD).begin('id').save({ visits: 1 }, 0));

  test('is found, and changed where it is', async () => {
    const kept = (await sessionsUnder(NEW, OLD).load('id'))!;
    expect(kept.data).toEqual({ visits: 1 });
    await kept.save({ visits: 2 }, 0);
    await kept.save({ visits: 3 }, 0);

    expect(await dataIn(sessionsUnder(OLD))).toEqual({ visits: 3 });
    expect(await dataIn(sessionsUnder(NEW))).toBeUndefined();
  });

  test('is not made a second time by a save of its id alone', async () => {
    await sessionsUnder(NEW, OLD).begin('id').save({ visits: 2 }, 0);

    expect(await dataIn(sessionsUnder(OLD))).toEqual({ visits: 2 });
  });

  test('ends with a logout', async () => {
    await sessionsUnder(NEW, OLD).destroy('id');

    expect(await dataIn(sessionsUnder(NEW, OLD))).toBeUndefined();
  });
});
