import { secondaryStorage } from '../../../lambda-runtime/src/adapters/better-auth.js';
import { MemoryStore, SessionDataTooLargeError, getSessionData, session } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';

const MANY = 100;

beforeEach(() => { jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval', 'queueMicrotask'] }); });
afterEach(() => { jest.useRealTimers(); });

const pass = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000);

describeEveryStore(({ open, returnsFoundRows }) => {
  const testOnRaces = testWhere(returnsFoundRows, 'dynalite does not return what a failed condition found');

  test('a value is there until its time to live has passed', async () => {
    const storage = secondaryStorage({ store: await open() });
    await storage.set('key', 'value', 60);
    expect(await storage.get('key')).toBe('value');

    pass(59);
    expect(await storage.get('key')).toBe('value');

    pass(2);
    expect(await storage.get('key')).toBeNull();
  });

  testOnRaces('a value set again replaces the one before, its time to live included', async () => {
    const storage = secondaryStorage({ store: await open() });
    await storage.set('key', 'first', 60);
    await storage.set('key', 'second');
    pass(3600);

    expect(await storage.get('key')).toBe('second');
  });

  test('a value set with no time left is gone', async () => {
    const storage = secondaryStorage({ store: await open() });
    await storage.set('key', 'value');
    await storage.set('key', 'value', 0);

    expect(await storage.get('key')).toBeNull();
  });

  test('a deleted value is gone, and deleting it again is no error', async () => {
    const storage = secondaryStorage({ store: await open() });
    await storage.set('key', 'value', 60);
    await storage.delete('key');
    await storage.delete('key');

    expect(await storage.get('key')).toBeNull();
  });

  testOnRaces(`of ${MANY} that get and delete a value at the same time, one gets it`, async () => {
    const store = await open();
    await secondaryStorage({ store }).set('key', 'value', 60);
    const got = await Promise.all(Array.from({ length: MANY }, () => secondaryStorage({ store }).getAndDelete('key')));

    expect(got.filter((value) => value !== null)).toEqual(['value']);
    expect(await secondaryStorage({ store }).get('key')).toBeNull();
  });

  testOnRaces('a value can be set again after it was taken', async () => {
    const storage = secondaryStorage({ store: await open() });
    await storage.set('key', 'first', 60);
    await storage.getAndDelete('key');
    await storage.set('key', 'second', 60);

    expect(await storage.getAndDelete('key')).toBe('second');
    expect(await storage.getAndDelete('key')).toBeNull();
  });

  test('1,000 increments at the same time count to exactly 1,000, each with a number of its own', async () => {
    const storage = secondaryStorage({ store: await open() });
    const counts = await Promise.all(Array.from({ length: 1000 }, () => storage.increment('key', 60)));

    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    expect(await storage.get('key')).toBe('1000');
  });

  testOnRaces('increments of several processes at the same time lose none', async () => {
    const store = await open();
    const processes = Array.from({ length: 8 }, () => secondaryStorage({ store }));
    const counts = await Promise.all(processes.flatMap((storage) => Array.from({ length: 25 }, () => storage.increment('key', 60))));

    expect(new Set(counts).size).toBe(200);
    expect(Math.max(...counts)).toBe(200);
  });

  test('increments do not renew the time to live of a counter', async () => {
    const storage = secondaryStorage({ store: await open() });
    await storage.increment('key', 60);
    pass(50);
    expect(await storage.increment('key', 60)).toBe(2);

    pass(11);
    expect(await storage.increment('key', 60)).toBe(1);
  });
});

test('the rows cannot be presented as session ids', async () => {
  const store = new MemoryStore();
  const keys: string[] = [];
  await secondaryStorage({ store: { ...recording(store), create: async (creation) => { keys.push(creation.row.key.S!); return store.create(creation); } } }).set('key', 'secret', 60);
  const handler = session(async () => ({ statusCode: 200, body: JSON.stringify(getSessionData()) }), { store });
  const presented = await handler(bareEvent({ 'session-id': keys[0] })) as any;

  expect(keys).toEqual([expect.stringMatching(/^\u0001better-auth:[0-9a-f]{64}$/)]);
  expect(presented).toEqual({ statusCode: 200, body: 'null', headers: { 'session-id': expect.stringMatching(/^[\w-]{43}$/) } });
});

test('a value beyond 400 KB is an error before anything is sent', async () => {
  const recorded = recording(new MemoryStore());

  await expect(secondaryStorage({ store: recorded }).set('key', 'x'.repeat(410_000))).rejects.toThrow(SessionDataTooLargeError);
  expect(recorded.calls).toEqual([]);
});

test('an option that there is not is refused immediately', () => {
  expect(() => secondaryStorage({ ttl: 5 } as any)).toThrow(/no option ttl for better-auth; the options are store, client/);
});
