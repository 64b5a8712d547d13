import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryStore } from '../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../lambda-runtime/src/index.js';
import { useBundles } from '../fixtures/bundled.js';
import { bareEvent, httpApiV2Event } from '../fixtures/events.js';
import { recording } from '../fixtures/recording-store.js';

/** One bundle: middy and the runtime as a deployed function has them. */
type Bundle = typeof import('../../lambda-runtime/src/index.js') & {
  readonly middy: typeof import('@middy/core', { with: { 'resolution-mode': 'import' } }).default;
  readonly sessions: typeof import('../../lambda-runtime/src/middy.js').sessions;
};

const bundles = useBundles();
let bundle: Bundle;
let store: SessionStore;

beforeAll(() => {
  bundle = bundles.load(`
    export { default as middy } from '@middy/core';
    export * from 'cdk-session-table/lambda-runtime';
    export { sessions } from 'cdk-session-table/lambda-runtime/middy';
  `);
});

beforeEach(() => { store = new MemoryStore(); });

const context = {} as any;
const event = bareEvent({ 'session-id': 'id' });
const stored = async () => (await store.get('id', { timeLimitMs: 1000, consistentRead: true }))?.value;

interface Response {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  body?: string;
}

function countVisit(): Response {
  const visits = (bundle.getSessionData<number>() ?? 0) + 1;
  bundle.setSessionData(visits);
  return { statusCode: 200, body: `${visits}` };
}

describe('the middy middleware', () => {
  test('gives the handler a session, saves it, and writes the id into the response', async () => {
    const handler = bundle.middy(async () => countVisit()).use(bundle.sessions({ store, update: true }));
    const first = await handler(httpApiV2Event(), context);
    const second = await handler(httpApiV2Event(first.headers), context);

    expect(first).toEqual({ statusCode: 200, body: '1', headers: { 'session-id': expect.stringMatching(/^[\w-]{43}$/) } });
    expect(second).toEqual({ ...first, body: '2' });
  });

  test('costs the calls that session() costs', async () => {
    const recorded = recording(store);
    const handler = bundle.middy(countVisit).use(bundle.sessions({ store: recorded, update: true }));
    await handler(event, context);
    await handler(event, context);

    expect(recorded.calls).toEqual(['get', 'create', 'get', 'save']);
  });

  test('gives the middlewares that are used after it the session too', async () => {
    const seen: unknown[] = [];
    const handler = bundle.middy(async () => countVisit())
      .use(bundle.sessions({ store, update: true }))
      .before(async () => { seen.push(bundle.currentSession().isNew); })
      .after(async (request) => { request.response!.body += ` ${bundle.getSessionData()}`; });

    expect(await handler(event, context)).toMatchObject({ body: '1 1' });
    expect(seen).toEqual([true]);
  });

  test('works after middlewares that wait for something', async () => {
    const handler = bundle.middy(async () => countVisit()).before(async () => { await sleep(1); }).use(bundle.sessions({ store }));

    expect(await handler(event, context)).toMatchObject({ body: '1' });
  });

  test('saves nothing and lets the error pass when the handler throws', async () => {
    const failure = new Error('of the handler');
    const handler = bundle.middy(async () => {
      countVisit();
      throw failure;
    }).use(bundle.sessions({ store }));

    await expect(handler(event, context)).rejects.toBe(failure);
    expect(await stored()).toBeUndefined();
  });

  test('saves nothing when another middleware makes a response of the handler\'s error', async () => {
    const handler = bundle.middy(async () => {
      countVisit();
      throw new Error('of the handler');
    }).use(bundle.sessions({ store })).onError((request) => { request.response = { statusCode: 500 } as never; });

    expect(await handler(event, context)).toEqual({ statusCode: 500 });
    expect(await stored()).toBeUndefined();
  });

  test.each(['get', 'create'] as const)('fails the invocation when the store fails to %s', async (call) => {
    const failure = new Error('the store is down');
    store[call] = async () => { throw failure; };

    await expect(bundle.middy(async () => countVisit()).use(bundle.sessions({ store }))(event, context)).rejects.toBe(failure);
    expect(() => bundle.getSessionData()).toThrow('getSessionData() works only while a handler');
  });

  test('saves nothing of a request that another middleware answers early', async () => {
    const handler = bundle.middy(async () => countVisit()).use(bundle.sessions({ store })).before(async () => {
      bundle.setSessionData('early');
      return { statusCode: 401 };
    });

    expect(await handler(event, context)).toEqual({ statusCode: 401 });
    expect(await stored()).toBeUndefined();
  });

  test.each([['has returned', () => 'done'], ['has thrown', () => { throw new Error('of the handler'); }]])(
    'leaves no session behind when the handler %s', async (_, run) => {
      await Promise.allSettled([bundle.middy(async () => run()).use(bundle.sessions({ store }))(event, context)]);

      expect(() => bundle.getSessionData()).toThrow('getSessionData() works only while a handler');
    });

  test('two invocations interleaved in one process never see each other\'s session', async () => {
    const handler = bundle.middy(async (own: { headers: { 'session-id': string } }) => {
      bundle.setSessionData(own.headers['session-id']);
      await sleep(Math.random() * 20);
      return { statusCode: 200, body: `${bundle.getSessionData()} ${bundle.currentSession().id}` };
    }).use(bundle.sessions({ store }));
    const ids = Array.from({ length: 16 }, (_, i) => `id-${i}`);
    const responses = await Promise.all(ids.map((id) => handler({ headers: { 'session-id': id } }, context)));

    expect(responses.map(({ body }) => body)).toEqual(ids.map((id) => `${id} ${id}`));
  });

  test('refuses options that cannot work when it is made', () => {
    expect(() => bundle.sessions({ ttl: 0.5 })).toThrow('ttl must be a whole number of seconds, got 0.5');
  });
});

test('the example counts visits', async () => {
  const { handler, useStore } = bundles.load(`
    export * from './examples/middy/handler.mts';
    export { useStore } from 'cdk-session-table/lambda-runtime';
  `);
  useStore(store);
  const first = await handler(httpApiV2Event(), context);

  expect([first.body, (await handler(httpApiV2Event(first.headers), context)).body]).toEqual(['1', '2']);
});
