import { MemoryStore, streamingSession } from '../../../lambda-runtime/src/index.js';
import { useBundles } from '../../fixtures/bundled.js';
import { bareEvent, httpApiV2Event, restApiV1Event } from '../../fixtures/events.js';
import { startLambda } from '../../fixtures/lambda-runtime-api.js';
import type { LocalLambda, StreamedResult } from '../../fixtures/lambda-runtime-api.js';
import { TESTED_NODE_VERSIONS, nodeBinary } from '../../fixtures/node-binaries.js';

/** What AWS's runtime client puts between metadata and body. */
const DELIMITER = '\0'.repeat(8);
const WITH_METADATA = 'application/vnd.awslambda.http-integration-response';

const bundles = useBundles();
let lambda: LocalLambda;
let ids = 0;

beforeAll(async () => { lambda = await startLambda({ directory: bundles.bundle('test/fixtures/streaming-handler.ts'), handler: 'index.handler' }); });
afterAll(() => lambda.stop());

interface Call {
  readonly do: string;
  readonly id?: string;
  readonly event?: object;
  readonly variant?: 'header' | 'cookie' | 'lazy' | 'expiring' | 'notRolling';
  readonly later?: number;
  readonly failing?: string;
}

/** A call of the function's URL, and its response: metadata and body as they reach Lambda. */
async function call({ id, event = httpApiV2Event(id === undefined ? {} : { 'session-id': id }), ...what }: Call) {
  const { contentType, body }: StreamedResult = await lambda.invoke({ ...event, ...what });
  const [metadata, text] = contentType === WITH_METADATA ? body.split(DELIMITER) : [undefined, body];
  return { contentType, metadata: metadata === undefined ? undefined : JSON.parse(metadata), body: text };
}

const freshId = () => `id-${ids++}`;
const visitsOf = async (id: string) => (await call({ do: 'plain', id })).body;

describe('a streamed response', () => {
  test('carries the id in the metadata that the handler sets, beside what else is in them', async () => {
    const { metadata, body } = await call({ do: 'from' });

    expect(metadata).toEqual({
      statusCode: 201,
      headers: { 'cache-control': 'no-store', 'content-type': 'text/html', 'session-id': expect.stringMatching(/^[\w-]{43}$/) },
      cookies: ['theme=dark'],
    });
    expect(body).toBe('visit 1');
  });

  test('keeps data from one invocation to the next, also what is set when its head is out', async () => {
    const id = (await call({ do: 'from' })).metadata.headers['session-id'];

    expect((await call({ do: 'from', id })).body).toBe('visit 2');
    expect((await call({ do: 'from', id })).metadata.headers['session-id']).toBe(id);
  });

  test.each([
    ['without metadata', 'plain', 'application/octet-stream', 'visit 1'],
    ['with a content type of its own', 'typed', 'text/plain', 'text'],
    ['that nothing is written to', 'silent', 'application/octet-stream', ''],
  ])('%s gets some, with the id', async (_, handler, contentType, body) => {
    const id = freshId();

    expect(await call({ do: handler, id })).toEqual({
      contentType: WITH_METADATA,
      metadata: { statusCode: 200, headers: { 'cache-control': 'no-store', 'content-type': contentType, 'session-id': id } },
      body,
    });
  });

  test('that has metadata and no body sends them', async () => {
    const id = freshId();

    expect(await call({ do: 'fromEmpty', id })).toMatchObject({ metadata: { statusCode: 304, headers: { 'session-id': id } }, body: '' });
  });

  test('carries a cookie when the id is new, and none when the client knows it', async () => {
    const first = await call({ do: 'from', variant: 'cookie' });
    const cookie = first.metadata.cookies[1];
    const second = await call({ do: 'from', variant: 'cookie', event: { ...httpApiV2Event(), cookies: [cookie.split(';')[0]] } });

    expect(cookie).toMatch(/^__Host-session=[\w-]{43}; .*HttpOnly/);
    expect(second).toMatchObject({ metadata: { cookies: ['theme=dark'] }, body: 'visit 2' });
  });

  test('of a REST API carries it too', async () => {
    const { metadata, body } = await call({ do: 'plain', event: restApiV1Event() });

    expect(metadata).toMatchObject({ statusCode: 200, headers: { 'session-id': expect.stringMatching(/^[\w-]{43}$/) } });
    expect(body).toBe('visit 1');
  });

  test('of a direct invocation is left unchanged, unless the handler sets metadata', async () => {
    expect(await call({ do: 'plain', event: bareEvent() })).toEqual({ contentType: 'application/octet-stream', metadata: undefined, body: 'visit 1' });
    expect((await call({ do: 'from', event: bareEvent({ 'session-id': 'bare' }) })).metadata.headers).toMatchObject({ 'session-id': 'bare' });
  });

  test('may be written by a pipeline, the end of which the handler waits for', async () => {
    const id = freshId();
    await call({ do: 'pipeline', id });

    expect(await call({ do: 'pipeline', id })).toMatchObject({ metadata: { statusCode: 201 }, body: 'visit 2' });
  });

  test('may end after the handler has returned', async () => {
    expect(await call({ do: 'endsLater', id: freshId() })).toMatchObject({ body: 'begun' });
  });
});

describe('when something fails', () => {
  test.each(['from', 'plain', 'pipeline'])('a save that fails makes the response fail: %s', async (handler) => {
    const id = freshId();

    await expect(call({ do: handler, id, failing: 'create' })).rejects.toMatchObject({ errorMessage: 'the store fails to create' });
    expect(await visitsOf(id)).toBe('visit 1');
  });

  test('a load that fails does so before the handler runs', async () => {
    await expect(call({ do: 'from', id: freshId(), failing: 'get' })).rejects.toMatchObject({ errorMessage: 'the store fails to get' });
  });

  test.each(['throwsAhead', 'throwsAfterHead'])('nothing is saved when the handler throws: %s', async (handler) => {
    const id = freshId();

    await expect(call({ do: handler, id })).rejects.toMatchObject({ errorType: 'TypeError', errorMessage: 'of the handler' });
    expect(await visitsOf(id)).toBe('visit 1');
  });

  test('what was set before the end of the stream is saved, also if the handler throws after it', async () => {
    const id = freshId();
    await call({ do: 'throwsAfterEnd', id }).catch((error: unknown) => expect(error).toMatchObject({ errorMessage: 'of the handler' }));

    expect(await visitsOf(id)).toBe('visit 2');
  });

  test.each(['pipesWithBadData', 'pipesWithDataGoneBad', 'writesWithBadData'])('data that cannot be encoded fails its invocation and not the sandbox: %s', async (handler) => {
    const id = freshId();

    await expect(call({ do: handler, id })).rejects.toMatchObject({ errorType: expect.stringMatching(/^SessionData(TooLarge)?Error$/) });
    expect(await visitsOf(id)).toBe('visit 1');
  });

  test.each(['create', 'save'])('a save that fails behind a pipe that nobody awaits fails its invocation and not the sandbox: %s', async (failing) => {
    const id = freshId();
    if (failing === 'save') await visitsOf(id);

    await expect(call({ do: 'pipes', id, failing })).rejects.toMatchObject({ errorMessage: `the store fails to ${failing}` });
    expect(await visitsOf(id)).toBe(failing === 'save' ? 'visit 2' : 'visit 1');
  });

  test.each(['pipesOnAfterFailure', 'pipesOnAfterThrowing'])('a pipe that goes on comes to rest, and does not run into the next invocation: %s', async (handler) => {
    await expect(call({ do: handler, id: freshId() })).rejects.toMatchObject({ errorType: expect.stringMatching(/Error$/) });

    await call({ do: 'tellsWhatIsPiped' }); // what is buffered may still be read
    expect(await call({ do: 'tellsWhatIsPiped' })).toMatchObject({ body: '0' });
  });

  test('what is written after the end fails the invocation and not the sandbox', async () => {
    await expect(call({ do: 'writesAfterEnd', id: freshId() })).rejects.toMatchObject({ errorMessage: expect.stringContaining('the response stream has been ended') });
    expect(await visitsOf(freshId())).toBe('visit 1');
  });

  test('a seed that is not awaited fails the invocation', async () => {
    await expect(call({ do: 'seedsWithoutAwaiting', id: freshId() })).rejects.toMatchObject({ errorMessage: expect.stringContaining('useSessionIdFromSeed() has not finished') });
  });
});

describe('after the end of the stream', () => {
  test('the session can be read until the invocation is over, and nothing can be set', async () => {
    const id = freshId();
    await call({ do: 'goesOnAfterEnd', id });

    expect(JSON.parse((await call({ do: 'tellsWhatCameAfterEnd' })).body)).toEqual([
      expect.stringContaining('has ended its response stream, and its session is saved'), 'kept', true, 'kept',
      expect.stringContaining('in the context of an invocation that has ended'),
    ]);
  });
});

describe('before the end of the stream', () => {
  test('a pipe that nobody awaits reads and sets data, also when the handler has returned', async () => {
    const id = freshId();

    expect(await call({ do: 'pipes', id })).toMatchObject({ body: 'visit 1' });
    expect(await call({ do: 'pipes', id })).toMatchObject({ body: 'visit 2' });
  });
});

describe('what the client must learn', () => {
  test('a regenerated id is in the head', async () => {
    const id = freshId();
    await call({ do: 'plain', id });
    const { metadata, body } = await call({ do: 'regenerates', id });
    const successor = metadata.headers['session-id'];

    expect([body, successor === id]).toEqual(['1', false]);
    expect(await visitsOf(successor)).toBe('visit 2');
    expect((await call({ do: 'typed', id })).metadata.headers).not.toHaveProperty('session-id');
  });

  test('that the session is destroyed is in the head', async () => {
    const id = freshId();
    await call({ do: 'plain', id });

    expect((await call({ do: 'destroys', id })).metadata.headers['session-id']).toBe('');
    expect(await visitsOf(id)).toBe('visit 1');
  });

  test('when the head is out the session is neither regenerated, nor destroyed, nor replaced', async () => {
    const id = freshId();
    await call({ do: 'plain', id });
    const { body } = await call({ do: 'changesIdLate', id });

    expect(JSON.parse(body)).toEqual(['regenerate', 'destroy', 'useSessionIdFromSeed'].map((name) => expect.stringContaining(`${name}() was called too late`)));
    expect(await visitsOf(id)).toBe('visit 2');
  });

  test('a session that is new and not to be saved can get no data when the head is out', async () => {
    const { metadata, body } = await call({ do: 'setsLate', variant: 'lazy' });

    expect(metadata.headers['session-id']).toBeUndefined();
    expect(body.match(/data of a new session was set too late/g)).toHaveLength(2);
  });
});

describe('a cookie that expires', () => {
  const expiring = async (later: number, cookie?: string, what: Partial<Call> = {}) => {
    const { metadata } = await call({ do: 'silent', variant: 'expiring', later, event: httpApiV2Event({}, cookie && [cookie]), ...what });
    return metadata.cookies as string[] | undefined;
  };
  const firstCookie = async () => withoutAttributes(await expiring(0));
  const withoutAttributes = (cookies?: string[]) => cookies![0].split(';')[0];
  /** For the same session, whenever it was sent. */
  const sameAs = (cookie: string) => [expect.stringMatching(`^${cookie.split('%20')[0]}%20[\\da-z-]+; Max-Age=1000; `)];

  test('is sent again when an unchanged session is renewed, which is then not due again', async () => {
    const cookie = await firstCookie();

    const renewed = await expiring(110, cookie);
    expect(renewed).toEqual(sameAs(cookie));
    expect(await expiring(200, withoutAttributes(renewed))).toBeUndefined();
    expect(await expiring(1050, cookie)).toEqual(sameAs(cookie));
  });

  test('is not sent again before the renewal is due', async () => {
    expect(await expiring(90, await firstCookie())).toBeUndefined();
  });

  test('is sent again when a fifth of its time is over, although another function renewed the session', async () => {
    const cookie = await firstCookie();
    await expiring(150, cookie);

    expect(await expiring(180, cookie)).toBeUndefined();
    expect(await expiring(220, cookie)).toEqual(sameAs(cookie));
  });

  test('is sent again when a renewal is due that a change after the head may still make', async () => {
    const cookie = await firstCookie();

    expect(await expiring(110, cookie, { variant: 'notRolling' })).toEqual(sameAs(cookie));
    expect(await expiring(1050, cookie, { variant: 'notRolling' })).not.toEqual(sameAs(cookie));
  });
});

describe.each(TESTED_NODE_VERSIONS)('on Node %i', (nodeVersion) => {
  test('every invocation of several has its own session, also after one that failed', async () => {
    const directory = bundles.bundle('test/fixtures/streaming-handler.ts');
    const own = await startLambda({ directory, handler: 'index.handler', nodeBinary: await nodeBinary(nodeVersion) });
    const bodyOf = async (what: string, id: string) => (await own.invoke({ ...httpApiV2Event({ 'session-id': id }), do: what })).body.split(DELIMITER).at(-1);
    try {
      expect([await bodyOf('pipes', 'a'), await bodyOf('from', 'b'), await bodyOf('pipeline', 'a')]).toEqual(['visit 1', 'visit 1', 'visit 2']);
      await expect(bodyOf('pipesWithBadData', 'c')).rejects.toMatchObject({ errorType: 'SessionDataError' });
      await expect(bodyOf('throwsAfterHead', 'c')).rejects.toMatchObject({ errorType: 'TypeError' });
      expect([await bodyOf('plain', 'c'), await bodyOf('endsLater', 'a'), await bodyOf('pipes', 'b')]).toEqual(['visit 1', 'begun', 'visit 2']);
    } finally {
      await own.stop();
    }
  }, 300_000);
});

test('outside Lambda it says what it needs', () => {
  expect(() => streamingSession(async () => undefined, { store: new MemoryStore() })).toThrow('streamingSession() needs the global awslambda');
});
