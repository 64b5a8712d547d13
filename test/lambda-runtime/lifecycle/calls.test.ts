import { MemoryStore, getSessionData, session, setSessionData, useSessionIdFromSeed } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';

/** The README's table "What it costs", row by row. */
let store: RecordingStore;

beforeEach(() => { store = recording(new MemoryStore()); });

async function invoke(handler: () => unknown, { id, ...options }: SessionOptions & { id?: string } = {}): Promise<string[]> {
  store.calls.length = 0;
  await session(handler, { store, ...options })(bareEvent(id === undefined ? undefined : { 'session-id': id }));
  return [...store.calls];
}

test('a new visitor costs one write', async () => {
  expect(await invoke(() => setSessionData(1))).toEqual(['create']);
});

test('a client-made id that was not seen before costs one read and one write', async () => {
  expect(await invoke(() => setSessionData(1), { id: 'mine' })).toEqual(['get', 'create']);
});

test('a new visitor whose session is not to be saved costs nothing', async () => {
  expect(await invoke(() => getSessionData(), { saveUninitialized: false })).toEqual([]);
});

describe.each([[{ update: false }], [{ update: true }]])('a known session with %j', (options) => {
  beforeEach(async () => { await invoke(() => setSessionData({ a: 1 }), { id: 'id', ttl: 900, ...options }); });

  test('costs one read if it is not looked at', async () => {
    expect(await invoke(() => 'done', { id: 'id', ttl: 900, ...options })).toEqual(['get']);
  });

  test('costs one read if it is read', async () => {
    expect(await invoke(() => getSessionData(), { id: 'id', ttl: 900, ...options })).toEqual(['get']);
  });

  test('costs one read if it is set to what it was', async () => {
    expect(await invoke(() => setSessionData({ a: 1 }), { id: 'id', ttl: 900, ...options })).toEqual(['get']);
  });
});

test('changed data costs one read and one write', async () => {
  await invoke(() => setSessionData({ a: 1 }), { id: 'id' });

  expect(await invoke(() => setSessionData({ a: 2 }), { id: 'id', update: true })).toEqual(['get', 'save']);
});

test('changed data costs one read and one write also if the expiry is due', async () => {
  await invoke(() => setSessionData({ a: 1 }), { id: 'id', ttl: 100 });

  expect(await invoke(() => setSessionData({ a: 2 }), { id: 'id', update: true, ttl: 900 })).toEqual(['get', 'save']);
});

test('a mutable session whose expiry is due costs one read and one write', async () => {
  await invoke(() => setSessionData({ a: 1 }), { id: 'id', ttl: 800 });

  expect(await invoke(() => getSessionData(), { id: 'id', update: true, ttl: 900 })).toEqual(['get', 'touch']);
});

test('a write-once session whose value is already set costs no write when it is set again', async () => {
  await invoke(() => setSessionData(1), { id: 'id' });

  expect(await invoke(() => setSessionData(2), { id: 'id' })).toEqual(['get']);
});

test('a seed costs one more read', async () => {
  expect(await invoke(() => useSessionIdFromSeed('seed'), { id: 'id' })).toEqual(['get', 'get', 'create']);
});

test('a handler that throws costs no write', async () => {
  const failing = () => {
    setSessionData(1);
    throw new Error('of the handler');
  };

  await expect(invoke(failing, { id: 'id' })).rejects.toThrow('of the handler');
  expect(store.calls).toEqual(['get']);
});
