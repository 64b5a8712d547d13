import { channel } from 'node:diagnostics_channel';
import { MemoryStore, SessionError, SessionOptionsError, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';

const CHANNEL = 'cdk-session-table.ignored-change';
const newEvent = () => bareEvent({ 'session-id': 'the-session-id' });

let store: SessionStore;
let published: unknown[];
let warn: jest.SpyInstance;
const listener = (message: unknown) => { published.push(message); };

beforeEach(() => {
  store = new MemoryStore();
  published = [];
  channel(CHANNEL).subscribe(listener);
  warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  (globalThis as any)[Symbol.for('cdk-session-table/runtime@1')]['ignored-change'] = undefined;
});
afterEach(() => {
  channel(CHANNEL).unsubscribe(listener);
  warn.mockRestore();
});

const invoke = <T>(handler: () => T, options: SessionOptions = {}) => session(handler, { store, ...options })(newEvent());

describe('without update: true a change of data that is already set', () => {
  beforeEach(async () => { await invoke(() => setSessionData({ n: 1 })); });

  test.each<[string, () => unknown]>([
    ['by set', () => setSessionData({ n: 2 })],
    ['in place', () => { getSessionData<any>().n = 2; }],
    ['with a new id', () => {
      getSessionData<any>().n = 2;
      currentSession().regenerate();
    }],
  ])('is reported, without the session id, and once on the console: %s', async (_, change) => {
    await invoke(change);
    await invoke(() => setSessionData({ n: 3 }), { store: await withValue() });

    expect(published).toEqual([{ session: expect.stringMatching(/^[0-9a-f]{12}$/) }, { session: expect.stringMatching(/^[0-9a-f]{12}$/) }]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Pass update: true to save changes')]]);
    expect(JSON.stringify([published, warn.mock.calls])).not.toContain('the-session-id');
  });

  test('is an error with onIgnoredChange: throw', async () => {
    const refused = () => invoke(() => setSessionData({ n: 2 }), { onIgnoredChange: 'throw' });

    await expect(refused()).rejects.toThrow(SessionError);
    await expect(refused()).rejects.toThrow('without the option update: true the first value set is permanent');
    expect(await invoke(() => getSessionData())).toEqual({ n: 1 });
    expect(warn).not.toHaveBeenCalled();
  });

  test('is nothing to report if the value is the same, or update is true', async () => {
    await invoke(() => setSessionData({ n: 1 }), { onIgnoredChange: 'throw' });
    await invoke(() => setSessionData({ n: 2 }), { update: true });

    expect(published).toEqual([]);
  });
});

test('the value that loses a race for the first one is reported', async () => {
  await invoke(() => undefined);
  await invoke(async () => {
    setSessionData('late');
    await invoke(() => setSessionData('early'));
  });

  expect(await invoke(() => getSessionData())).toBe('early');
  expect(published).toHaveLength(1);
});

test('the same value, set by two that race to be the first, is nothing to report', async () => {
  await invoke(() => undefined);
  await invoke(async () => {
    setSessionData({ theme: 'dark' });
    await invoke(() => setSessionData({ theme: 'dark' }));
  }, { onIgnoredChange: 'throw' });

  expect(published).toEqual([]);
});

test('the option is refused where nothing is ignored', () => {
  expect(() => session(() => undefined, { store, update: true, onIgnoredChange: 'throw' })).toThrow(SessionOptionsError);
  expect(() => session(() => undefined, { store, onIgnoredChange: 'log' as never })).toThrow('onIgnoredChange must be \'warn\' or \'throw\', got \'log\'');
});

async function withValue(): Promise<SessionStore> {
  const other = new MemoryStore();
  await session(() => setSessionData('value'), { store: other })(newEvent());
  return other;
}
