import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { correlationHash, sha256 } from '../../../lambda-runtime/src/ids/session-id.js';
import { MemoryStore, SessionConflictError, cookieTransport, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore, SessionTrace } from '../../../lambda-runtime/src/index.js';
import { traced } from '../../../lambda-runtime/src/stores/traced-store.js';
import { bareEvent } from '../../fixtures/events.js';

const ID = 'an-id-that-nobody-is-to-see';
const SECRET = 'data-that-nobody-is-to-see';
const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

let store: SessionStore;
let unsubscribe: (() => void)[];

beforeEach(() => {
  store = new MemoryStore();
  unsubscribe = [];
});

afterEach(() => unsubscribe.forEach((stop) => stop()));

interface Heard {
  readonly event: string;
  readonly trace: SessionTrace;
}

function listenTo(name: string, listener: (message: unknown) => void): void {
  channel(name).subscribe(listener);
  unsubscribe.push(() => channel(name).unsubscribe(listener));
}

/** Everything reported on the channel, in order, with the payload as it was then. */
function heardOn(operation: string): Heard[] {
  const heard: Heard[] = [];
  for (const event of EVENTS) {
    listenTo(`tracing:cdk-session-table.${operation}:${event}`, (trace) => heard.push({ event, trace: { ...trace as SessionTrace } }));
  }
  return heard;
}

function heardConflicts(): unknown[] {
  const heard: unknown[] = [];
  listenTo('cdk-session-table.conflict', (message) => heard.push(message));
  return heard;
}

const invoke = (handler: () => unknown, options: SessionOptions = {}) =>
  session(handler, { store, update: true, ttl: 900, ...options })(bareEvent({ 'session-id': ID }));
const resultsOf = (heard: readonly Heard[]) => heard.filter(({ event }) => event === 'asyncEnd').map(({ trace }) => trace.result);

test('builds nothing when nobody listens: the store is handed on as it is', () => {
  expect(traced(store)).toBe(store);
});

test.each(EVENTS)('hears a subscriber of nothing but %s', (event) => {
  listenTo(`tracing:cdk-session-table.load:${event}`, () => undefined);

  expect(traced(store)).not.toBe(store);
});

test('builds nothing any more when the last one has stopped listening', () => {
  heardOn('save');
  unsubscribe.splice(0).forEach((stop) => stop());

  expect(traced(store)).toBe(store);
});

test('reports of loads whether they found a session', async () => {
  const loads = heardOn('load');
  await invoke(() => setSessionData(1));
  await invoke(() => getSessionData());

  expect(resultsOf(loads)).toEqual([{ found: false }, { found: true }]);
  expect(loads.slice(0, 4).map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
});

test('reports saves, touches and destroys', async () => {
  const [saves, touches, destroys] = [heardOn('save'), heardOn('touch'), heardOn('destroy')];
  await invoke(() => setSessionData(1));
  await invoke(() => setSessionData(2));
  await invoke(() => currentSession().touch(), { ttl: 1800 });
  await invoke(() => currentSession().destroy());

  expect(resultsOf(saves)).toEqual([{ written: true }, { written: true }]);
  expect(resultsOf(touches)).toEqual([{ written: true }]);
  expect(resultsOf(destroys)).toEqual([undefined]);
});

test('reports all calls of one session by one hash, the one that inspect shows', async () => {
  const all = [heardOn('load'), heardOn('save'), heardOn('destroy')];
  let shown = '';
  await invoke(() => { shown = inspect(currentSession()); });
  await invoke(() => currentSession().destroy());
  const [hash, ...others] = new Set(all.flat().map(({ trace }) => trace.session));

  expect(others).toEqual([]);
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(shown).toContain(hash);
});

test('the hash confirms an id that is guessed, unless ids are hashed with a pepper', async () => {
  const loads = heardOn('load');
  const guess = (id: string) => [correlationHash(id), correlationHash(sha256(id))];
  const hashOf = async (options: SessionOptions) => {
    loads.length = 0;
    await session(() => undefined, { store, ...options })(bareEvent({ 'session-id': 'user-17' }));
    return loads[0].trace.session;
  };

  expect(guess('user-17')).toContain(await hashOf({}));
  expect(guess('user-17')).toContain(await hashOf({ hashIds: true }));
  expect(guess('user-17')).not.toContain(await hashOf({ hashIds: true, pepper: 'a pepper that is long enough: 32 bytes' }));
});

test('distinguishes a creation from a change, and a regeneration from both', async () => {
  const saves = heardOn('save');
  await invoke(() => setSessionData(1));
  await invoke(() => setSessionData(2));
  await invoke(() => currentSession().regenerate());

  expect(saves.filter(({ event }) => event === 'start').map(({ trace }) => trace.kind)).toEqual(['create', 'change', 'regenerate']);
  expect(saves.filter(({ event }) => event === 'asyncEnd').map(({ trace }) => trace.kind)).toEqual(['create', 'change', 'regenerate']);
});

test('keeps the chain of hashes over regenerations: each names the hash that follows', async () => {
  const all = [heardOn('load'), heardOn('save')];
  await invoke(() => setSessionData(1));
  let id = ID;
  for (let i = 0; i < 3; i++) {
    id = await session(() => {
      currentSession().regenerate();
      return currentSession().id;
    }, { store, update: true })(bareEvent({ 'session-id': id })) as string;
  }
  const steps = all.flat().filter(({ event, trace }) => event === 'start' && trace.kind === 'regenerate').map(({ trace }) => trace);
  const hashes = [correlationHash(ID), ...steps.map(({ successor }) => successor)];

  expect(steps.map(({ session: hash }) => hash)).toEqual(hashes.slice(0, -1));
  expect(hashes.at(-1)).toBe(correlationHash(id));
  expect(new Set(hashes).size).toBe(4);
});

test('reports a cookie that none of the secrets signed, and nothing of what it held', async () => {
  const heard: unknown[] = [];
  listenTo('cdk-session-table.invalid-signature', (message) => heard.push(message));
  const transport = cookieTransport({ secrets: ['a secret of at least thirty-two bytes'] });
  const visit = (cookie: string) => session(async () => {
    setSessionData(1);
    return { statusCode: 200 };
  }, { store, transport })({ headers: { cookie } });
  const { headers } = await visit('other=1') as unknown as { headers: Record<string, string> };
  const signed = Object.values(headers).find((value) => value.startsWith('__Host-session='))!.split(';')[0];
  await visit(signed);
  expect(heard).toEqual([]);

  await visit(`__Host-session=${ID}.${SECRET}`);
  await visit(signed.replace(/.$/, (last) => last === 'A' ? 'B' : 'A'));
  expect(heard).toEqual([{ cookie: '__Host-session' }, { cookie: '__Host-session' }]);
});

test('reports a conflict, and the error that it becomes is the handler\'s alone', async () => {
  await invoke(() => setSessionData({ a: 1 }));
  const conflicts = heardConflicts();
  const overtaken = invoke(async () => {
    setSessionData({ a: 2 });
    await store.destroy(ID, { timeLimitMs: 1000 });
  });

  await expect(overtaken).rejects.toThrow(SessionConflictError);
  expect(conflicts).toEqual([{ session: expect.stringMatching(/^[0-9a-f]{12}$/), operation: 'save', kind: 'change' }]);
});

test('reports a store that fails, and passes its error through', async () => {
  const failure = new Error('the store is down');
  const loads = heardOn('load');
  store.get = async () => { throw failure; };

  await expect(invoke(() => 'never')).rejects.toBe(failure);
  expect(loads.find(({ event }) => event === 'error')?.trace.error).toBe(failure);
});

test('what an invocation returns and keeps is the same with and without a subscriber', async () => {
  const run = async () => {
    store = new MemoryStore();
    await invoke(() => setSessionData({ a: 1 }));
    const result = await invoke(() => ({ statusCode: 200, body: JSON.stringify(getSessionData()) }));
    return [result, (await store.get(ID, { timeLimitMs: 1000, consistentRead: true }))?.value];
  };
  const unheard = await run();
  ['load', 'save', 'touch', 'destroy'].forEach(heardOn);

  expect(await run()).toEqual(unheard);
});

test('contains neither the session id nor data', async () => {
  const heard = ['load', 'save', 'touch', 'destroy'].map(heardOn);
  const conflicts = heardConflicts();
  await invoke(() => setSessionData({ SECRET }));
  await invoke(() => setSessionData({ SECRET, more: SECRET }));
  await invoke(() => currentSession().touch(), { ttl: 1800 });
  const regenerated = await invoke(() => {
    currentSession().regenerate();
    return currentSession().id;
  });
  await invoke(() => setSessionData({ SECRET }));
  await Promise.all([invoke(() => currentSession().destroy()), invoke(() => setSessionData(3)).catch((error: Error) => error)]);
  const everything = inspect([heard, conflicts], { depth: Infinity, maxArrayLength: Infinity });

  expect(heard.flat().length).toBeGreaterThan(20);
  expect(everything).not.toContain(ID);
  expect(everything).not.toContain(regenerated);
  expect(everything).not.toContain(SECRET);
});
