import { MemoryStore, SessionError, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';

/** A function as `SessionTable.attachReadOnly` leaves it. */
const store = recording(new MemoryStore());
const event = bareEvent({ 'session-id': 'known' });

beforeEach(async () => {
  await session(() => setSessionData({ name: 'Ada' }), { store })(event);
  store.calls.length = 0;
  process.env.SESSION_LAMBDA_READ_ONLY = '1';
});
afterEach(() => { delete process.env.SESSION_LAMBDA_READ_ONLY; });

const invoke = (handler: () => unknown, given: unknown = event) => session(handler, { store, update: true, ttl: 900 })(given);

test('reads sessions and never writes, also if the expiry is due', async () => {
  expect(await invoke(() => getSessionData())).toEqual({ name: 'Ada' });
  expect(store.calls).toEqual(['get']);
});

test('writes nothing to a row that does not say when it was created, although its sessions have an absolute timeout', async () => {
  const row = { key: { S: 'added-manually' }, value: { N: '7' } };
  await store.create({ row }, { timeLimitMs: 1000 });
  store.calls.length = 0;
  const handler = session(() => getSessionData(), { store, update: true, ttl: 900, absoluteTimeout: 3600 });

  expect(await handler(bareEvent({ 'session-id': 'added-manually' }))).toBe(7);
  expect(store.calls).toEqual(['get']);
});

test('makes no session for a client that has none, and sends it no id', async () => {
  expect(await invoke(() => ({ statusCode: 200 }), bareEvent())).toEqual({ statusCode: 200 });
  expect(await invoke(() => ({ statusCode: 200 }), bareEvent({ 'session-id': 'unknown' }))).toEqual({ statusCode: 200 });
  expect(store.calls).toEqual(['get']);
});

test.each<[string, () => unknown]>([
  ['set', () => setSessionData('other')],
  ['set of the session', () => currentSession().set('other')],
  ['update', () => currentSession().update(() => 'other')],
  ['touch', () => currentSession().touch()],
  ['regenerate', () => currentSession().regenerate()],
  ['destroy', () => currentSession().destroy()],
])('says clearly that it may not: %s', async (_, write) => {
  await expect(invoke(write)).rejects.toThrow(SessionError);
  await expect(invoke(write)).rejects.toThrow('this function may only read sessions, it was attached by attachReadOnly()');
  expect(store.calls).toEqual(['get', 'get']);
});

test('says that data changed in place is not saved', async () => {
  await expect(invoke(() => { getSessionData<{ name: string }>()!.name = 'Eve'; })).rejects.toThrow('the session data was changed and cannot be saved');
  expect(store.calls).toEqual(['get']);
});

test.each(['true', 'TRUE', 'yes', 'on', '2', ' 1 ', 'anything'])('whoever sets the variable to %j means that nothing may be written', async (value) => {
  process.env.SESSION_LAMBDA_READ_ONLY = value;

  await expect(invoke(() => setSessionData('other'))).rejects.toThrow('this function may only read sessions');
  expect(store.calls).toEqual(['get']);
});

test.each(['', ' ', '0', 'false', 'False', 'no', 'off'])('a variable that says no lets it write: %j', async (value) => {
  process.env.SESSION_LAMBDA_READ_ONLY = value;
  await invoke(() => setSessionData({ writtenUnder: value }));

  expect(store.calls).toEqual(['get', 'save']);
});
