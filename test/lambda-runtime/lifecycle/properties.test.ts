import { setImmediate as tick } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { detectFormat } from '../../../lambda-runtime/src/events/detect-format.js';
import { generateSessionId } from '../../../lambda-runtime/src/ids/session-id.js';
import {
  MemoryStore, cookieTransport, currentSession, getSessionData, headerTransport, session, setSessionData, useSessionIdFromSeed,
} from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { anyEvent, anyResult, nearMissesOf } from '../../fixtures/arbitrary-events.js';
import { bareEvent, webSocketEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import { sessionData } from '../../fixtures/session-data.js';

const SECRET = { key: 'of somebody else' };
const signedCookies = cookieTransport({ secrets: ['the secret that signs cookies 0123456789'] });

describe.each<[string, SessionOptions]>([
  ['a header', { transport: headerTransport() }],
  ['a header and hashed ids', { transport: headerTransport(), hashIds: true }],
  ['cookies', { transport: cookieTransport() }],
  ['signed cookies', { transport: signedCookies }],
])('the session id in %s', (_, options) => {
  const store = new MemoryStore();
  let somebodys: string;

  /** What the client of a session with a secret in it presents: the value of its header or cookie. */
  beforeAll(async () => {
    const response = await session(async () => {
      setSessionData(SECRET);
      return { statusCode: 200, headers: {} as Record<string, string> };
    }, { ...options, store })(bareEvent());
    somebodys = Object.values(response.headers)[0].replace(/^__Host-session=|;.*/g, '');
  });

  const seenByItsOwnClient = () => session(async () => ({ found: getSessionData() }), { ...options, store })(
    bareEvent({ 'session-id': somebodys, 'cookie': `__Host-session=${somebodys}` }),
  );

  test('whatever event comes and whatever the handler returns: it runs once, sees nobody else\'s session, and its result is not changed', async () => {
    const presented = fc.constant(undefined).chain(() => nearMissesOf(somebodys));
    await fc.assert(fc.asyncProperty(anyEvent(presented), anyResult, async (event, result) => {
      const before = JSON.stringify(deepFreeze(result));
      const seen: unknown[] = [];
      const handler = session(async () => {
        seen.push(getSessionData());
        return result;
      }, { ...options, store });
      await handler(event);

      expect(seen).toEqual([null]);
      expect(JSON.stringify(result)).toBe(before);
    }), { numRuns: 500 });

    expect(await seenByItsOwnClient()).toEqual({ found: SECRET });
  });
});

test('the id that is sent is the id of the session that was stored, whatever event comes', async () => {
  await fc.assert(fc.asyncProperty(anyEvent(fc.string()), async (event) => {
    const store = new MemoryStore();
    let id = '';
    const handler = session(async () => {
      id = currentSession().id;
      return { statusCode: 200 } as Record<string, any>;
    }, { store });
    const { headers, multiValueHeaders } = await handler(event);
    const sentId = headers?.['session-id'] ?? multiValueHeaders?.['session-id'][0];

    const phase = detectFormat(event).connection?.(event)?.phase ?? 'none';
    const canBeFound = sentId !== undefined || ['connect', 'message'].includes(phase); // else nobody could come back to it
    expect([undefined, id]).toContain(sentId);
    expect(await store.get(id) !== undefined).toBe(canBeFound);
  }), { numRuns: 400 });
});

describeEveryStore(({ name, returnsFoundRows, open }) => {
  const testData = testWhere(returnsFoundRows, 'dynalite cannot hold a field named __proto__');
  let store: SessionStore;
  beforeEach(async () => { store = await open(); });

  const numRuns = name === 'memory' ? 300 : 30;

  /** One invocation that sets data, or none; returns what it found. */
  async function invoke(id: string, options: SessionOptions, ...set: unknown[]): Promise<unknown> {
    let found: unknown; // not returned: Lambda could not send a BigInt
    const handler = session(async () => {
      found = getSessionData();
      set.forEach((data) => setSessionData(data));
    }, { ...options, store });
    await handler(bareEvent({ 'session-id': id }));
    return found;
  }

  testData('mutable: data out is the data that was set last', async () => {
    await fc.assert(fc.asyncProperty(sessionData, sessionData, async (first, second) => {
      const id = generateSessionId();
      await invoke(id, { update: true }, first);
      expect(isDeepStrictEqual(await invoke(id, { update: true }, second), first)).toBe(true);
      expect(isDeepStrictEqual(await invoke(id, { update: true }), second)).toBe(true);
    }), { numRuns });
  });

  testData('write-once: data out is the data that was set first', async () => {
    await fc.assert(fc.asyncProperty(sessionData, sessionData, async (first, second) => {
      const id = generateSessionId();
      await invoke(id, {}, first);
      expect(isDeepStrictEqual(await invoke(id, {}, second), first)).toBe(true);
      expect(isDeepStrictEqual(await invoke(id, {}), first ?? second)).toBe(true);
    }), { numRuns });
  });

  testData('what is changed in place comes out as it was left', async () => {
    const change = fc.record({ field: fc.constantFrom('a', 'b', '__proto__'), data: fc.option(sessionData, { nil: undefined }) });
    await fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 6 }), async (changes) => {
      const id = generateSessionId();
      await invoke(id, { update: true }, {});
      const expected: Record<string, unknown> = {};
      for (const { field, data } of changes) {
        await session(async () => {
          changeField(getSessionData<Record<string, unknown>>()!, field, data);
        }, { store, update: true })(bareEvent({ 'session-id': id }));
        changeField(expected, field, data);
      }
      expect(isDeepStrictEqual(await invoke(id, { update: true }), expected)).toBe(true);
    }), { numRuns });
  });
});

describe('invocations that interleave in one process', () => {
  test('never see each other\'s session, whatever waits in between', async () => {
    const step = fc.record({ ticks: fc.nat({ max: 4 }), seed: fc.option(fc.constantFrom('x', 'y'), { freq: 8 }) });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { minLength: 2, maxLength: 8 }), async (clients) => {
      const store = new MemoryStore();
      await Promise.all(clients.map(async (steps, client) => {
        const handler = session(async () => {
          let id = currentSession().id;
          for (const [i, { ticks, seed }] of steps.entries()) {
            if (seed !== null) {
              await useSessionIdFromSeed(`${seed} of ${client}`);
              ({ id } = currentSession());
            }
            setSessionData({ client, step: i });
            await wait(ticks);
            expect(getSessionData()).toEqual({ client, step: i });
            expect(currentSession().id).toBe(id);
          }
        }, { store, update: true });
        await handler(bareEvent({ 'session-id': `client-${client}` }));
      }));
    }), { numRuns: 100 });
  });
});

test('a million ids are all different and made of A-Z, a-z, 0-9, _ and - only', () => {
  const beginnings = new BigUint64Array(1_000_000);
  for (let i = 0; i < beginnings.length; i++) {
    const id = generateSessionId();
    if (!/^[A-Za-z0-9_-]{43}$/.test(id)) {
      throw new Error(`not an id: ${JSON.stringify(id)}`);
    }
    beginnings[i] = Buffer.from(id, 'base64url').readBigUInt64BE();
  }
  beginnings.sort();

  expect(beginnings.findIndex((beginning, i) => beginning === beginnings[i + 1])).toBe(-1);
});

test.each<[string, SessionOptions]>([
  ['in a header', {}],
  ['in a header, ids hashed', { hashIds: true }],
  ['in a cookie', { transport: cookieTransport() }],
])('the id of a WebSocket connection presented %s reaches neither its link nor its session', async (_, options) => {
  const connectionId = 'L0SM9cOFvHcCIhw=';
  const store = new MemoryStore();
  const keys: string[] = [];
  const get = store.get.bind(store);
  store.get = (key) => { keys.push(key); return get(key); };
  const invoke = (event: unknown, data?: unknown) => session(async () => {
    const found = getSessionData();
    if (data !== undefined) setSessionData(data);
    return { found };
  }, { ...options, store, update: true })(event);

  await invoke(webSocketEvent('CONNECT', connectionId), SECRET);
  await invoke(webSocketEvent('MESSAGE', connectionId));
  const link = keys.find((key) => key.includes('ws:'))!;
  const sessionKey = (await get(link))!.value!.M!.key.S!;
  expect(await invoke(webSocketEvent('MESSAGE', connectionId))).toEqual({ found: SECRET });

  for (const presented of [connectionId, link, link.slice(1), link.replace('\u0001', '%01'), link.replace('\u0001', '\\u0001'), link.slice(4), `"${link}"`]) {
    const headers = { 'session-id': presented, 'cookie': `__Host-session=${presented}` };
    expect(await invoke(bareEvent(headers), 'overwritten')).toEqual({ found: null });
    expect(await invoke(webSocketEvent('CONNECT', 'another', headers), 'overwritten')).not.toEqual({ found: SECRET });
  }
  expect((await get(link))!.value!.M!.key).toEqual({ S: sessionKey });
  expect(await invoke(webSocketEvent('MESSAGE', connectionId))).toEqual({ found: SECRET });
});

function changeField(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) {
    delete fields[name];
  } else {
    Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

async function wait(ticks: number): Promise<void> {
  for (let i = 0; i < ticks; i++) {
    await tick();
  }
}
