import { execFileSync } from 'node:child_process';
import { MemoryStore } from '../../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../../lambda-runtime/src/index.js';
import { useBundles } from '../../fixtures/bundled.js';
import { bareEvent, httpApiV2Event } from '../../fixtures/events.js';
import { startLambda } from '../../fixtures/lambda-runtime-api.js';
import type { Form } from '../../fixtures/middy-scenarios.js';
import { TESTED_NODE_VERSIONS, nodeBinary } from '../../fixtures/node-binaries.js';
import { recording } from '../../fixtures/recording-store.js';

/** One bundle: middy and the runtime as a deployed function has them. */
type Bundle = typeof import('../../../lambda-runtime/src/index.js') & {
  readonly middy: typeof import('@middy/core', { with: { 'resolution-mode': 'import' } }).default;
  readonly middySession: typeof import('../../../lambda-runtime/src/adapters/middy.js').middySession;
};

const bundles = useBundles();
let bundle: Bundle;
let store: SessionStore;

beforeAll(() => {
  bundle = bundles.load(`
    export { default as middy } from '@middy/core';
    export * from 'cdk-session-table/lambda-runtime';
    export { middySession } from 'cdk-session-table/lambda-runtime/middy';
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

describe('middySession()', () => {
  test('gives the handler a session, saves it, and writes the id into the response', async () => {
    const handler = bundle.middySession(bundle.middy(async () => countVisit()), { store, update: true });
    const first = await handler(httpApiV2Event(), context);
    const second = await handler(httpApiV2Event(first.headers), context);

    expect(first).toEqual({ statusCode: 200, body: '1', headers: { 'session-id': expect.stringMatching(/^[\w-]{43}$/), 'cache-control': 'no-store' } });
    expect(second).toEqual({ ...first, body: '2' });
  });

  test('costs the calls that session() costs', async () => {
    const recorded = recording(store);
    const handler = bundle.middySession(bundle.middy(async () => countVisit()), { store: recorded, update: true });
    await handler(event, context);
    await handler(event, context);

    expect(recorded.calls).toEqual(['get', 'create', 'get', 'save']);
  });

  test('gives all middlewares the session too', async () => {
    const seen: unknown[] = [];
    const handler = bundle.middySession(bundle.middy(async () => countVisit())
      .before(async () => { seen.push(bundle.currentSession().isNew); })
      .after(async (request) => { request.response!.body += ` ${bundle.getSessionData()}`; }), { store, update: true });

    expect(await handler(event, context)).toMatchObject({ body: '1 1' });
    expect(seen).toEqual([true]);
  });

  test('writes the id into the response that the middlewares leave', async () => {
    const handler = bundle.middySession(bundle.middy(async () => ({ visits: countVisit().body }))
      .after((request: any) => { request.response = { statusCode: 201, headers: { etag: 'x' }, body: JSON.stringify(request.response) }; }), { store });

    expect(await handler(event, context)).toEqual({ statusCode: 201, headers: { 'etag': 'x', 'session-id': 'id' }, body: '{"visits":"1"}' });
  });

  test('saves nothing and lets the error pass when the handler throws', async () => {
    const failure = new Error('of the handler');
    const handler = bundle.middySession(bundle.middy(async () => {
      countVisit();
      throw failure;
    }), { store });

    await expect(handler(event, context)).rejects.toBe(failure);
    expect(await stored()).toBeUndefined();
  });

  test.each([
    ['the handler\'s error', 'handler'], ['the error of a middleware before it', 'before'], ['the error of a middleware after it', 'after'],
  ])('saves nothing when a middleware turns %s into a response', async (_, failing) => {
    const failIn = (place: string) => () => {
      bundle.setSessionData('never saved');
      if (place === failing) throw new Error('of a middleware, or the handler');
    };
    const handler = bundle.middySession(bundle.middy(async () => failIn('handler')())
      .before(failIn('before')).after(failIn('after')).onError((request) => { request.response = { statusCode: 500 } as never; }), { store });

    expect(await handler(event, context)).toEqual({ statusCode: 500 });
    expect(await stored()).toBeUndefined();
  });

  test.each(['get', 'create'] as const)('fails the invocation when the store fails to %s', async (call) => {
    const failure = new Error('the store is down');
    store[call] = async () => { throw failure; };

    await expect(bundle.middySession(bundle.middy(async () => countVisit()), { store })(event, context)).rejects.toBe(failure);
  });

  test('treats a response that a middleware returns early like any other', async () => {
    const handler = bundle.middySession(bundle.middy(async () => countVisit()).before(async () => {
      bundle.setSessionData('early');
      return { statusCode: 401 };
    }), { store });

    expect(await handler(event, context)).toEqual({ statusCode: 401, headers: { 'session-id': 'id' } });
    expect(await stored()).toEqual({ S: 'early' });
  });

  test('refuses options that cannot work when it is called', () => {
    expect(() => bundle.middySession(bundle.middy(async () => undefined), { ttl: 0.5 })).toThrow('ttl must be a whole number of seconds, got 0.5');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined], ['options', { update: true }], ['a handler without middy', async () => undefined], ['a middleware', { before: async () => undefined }],
  ])('refuses %s when it is called, and says what it wraps', (_, handler) => {
    expect(() => bundle.middySession(handler as never)).toThrow('middySession() wraps a handler made by middy: middySession(middy(handler).use(…), options)');
  });

  test('refuses a handler that streams its response', () => {
    const streaming = Object.assign(bundle.middy(async () => undefined), { [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response' });

    expect(() => bundle.middySession(streaming)).toThrow('use streamingSession() without middy');
  });

  test.each<[string, (inner: any) => any]>([
    ['session(middySession(…))', (inner) => bundle.session(bundle.middySession(bundle.middy(inner), { store }), { store })],
    ['middySession(middy(session(…)))', (inner) => bundle.middySession(bundle.middy(bundle.session(inner, { store })), { store })],
    ['with an event that a middleware copies', (inner) => bundle.middySession(bundle.middy(bundle.session(inner, { store }))
      .before((request: any) => { request.event = { ...request.event }; }), { store })],
  ])('refuses a request that has a session already: %s', async (_, wrap) => {
    const request = httpApiV2Event({ 'session-id': 'id' });

    await expect(wrap(async () => countVisit())(request, context)).rejects.toThrow('this request already has a session');
    expect(await stored()).toBeUndefined();
  });
});

const FORMS: Form[] = ['middySession(middy(handler))', 'middy(session(handler))'];
const MIDDY_VERSIONS: [number, string][] = [
  [4, './test/field/node_modules/middy4/index.js'], [5, './test/field/node_modules/middy5/index.js'],
  [6, './test/field/node_modules/middy6/index.js'], [7, '@middy/core'],
];
const NONE = 'NoActiveSessionError';

describe.each(TESTED_NODE_VERSIONS)('on Node %i', (nodeVersion) => {
  let node: string;
  beforeAll(async () => { node = await nodeBinary(nodeVersion); }, 300_000);

  test.each(MIDDY_VERSIONS.flatMap(([version, module]) => FORMS.map((form) => [version, form, module] as const)))(
    'with middy %i, %s: every handler finds its own session, and nobody outside finds one', async (_, form, module) => {
      const directory = bundles.bundleText(`
        import middy from '${module}';
        import { middyScenarios } from './test/fixtures/middy-scenarios.ts';
        middyScenarios(middy, '${form}').then((seen) => process.stdout.write(JSON.stringify(seen)));
      `);
      const seen = JSON.parse(execFileSync(node, ['index.js'], { cwd: directory, encoding: 'utf8' }));
      const inSequence = (id: string) => [
        [`nothing yet,${id}-a,${id}-a`, NONE, NONE], [`nothing yet,${id}-b,${id}-b`, NONE, NONE], [`${id}-a,${id}-a,${id}-a`, NONE, NONE],
      ];

      for (const before of ['none', 'waiting', 'waitingLess', 'synchronous']) {
        expect(seen[`in sequence, before: ${before}`]).toEqual(inSequence(before));
        expect(seen[`in parallel, before: ${before}`]).toEqual(Array(40).fill(NONE));
      }
      expect(seen['early answers']).toEqual([
        [401, null, NONE, NONE], [200, 'nothing yet,later,later', NONE, NONE], [401, null, NONE, NONE], [200, 'nothing yet,last,last', NONE, NONE],
      ]);
      expect(seen['failing handlers']).toEqual([
        [null, 'of the handler', NONE, NONE], [500, null, NONE, NONE], [null, 'of the handler', NONE, NONE],
      ]);
      expect(seen['saved by failing handlers']).toEqual([null, null]);
    });

  test.each(FORMS)('in AWS\'s runtime client, no session outlives its invocation: %s', async (form) => {
    const directory = bundles.bundleText(`
      import middy from '@middy/core';
      import { middyHandler } from './test/fixtures/middy-handler.ts';
      export const handler = middyHandler(middy);
    `);
    const lambda = await startLambda({ directory, handler: 'index.handler', nodeBinary: node });
    try {
      const call = (id: string, early = false) => lambda.invoke({ form, early, headers: { 'session-id': id } });

      expect(await call('ada')).toEqual([NONE, 'nothing yet,ada,ada', NONE]);
      expect(await call('eve', true)).toEqual([NONE, 'early', NONE]);
      expect(await call('bob')).toEqual([NONE, 'nothing yet,bob,bob', NONE]);
      expect(await call('ada')).toEqual([NONE, 'ada,ada,ada', NONE]);
    } finally {
      await lambda.stop();
    }
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
