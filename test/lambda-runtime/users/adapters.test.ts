import { useBundles } from '../../fixtures/bundled.js';
import { httpApiV2Event } from '../../fixtures/events.js';
import { startLambda } from '../../fixtures/lambda-runtime-api.js';
import type { LocalLambda } from '../../fixtures/lambda-runtime-api.js';

/** What AWS's runtime client puts between the metadata and the body of a streamed response. */
const DELIMITER = '\0'.repeat(8);

/** One handler by each adapter, each with sessions of its own in memory. The path says what is done. */
const HANDLERS = `
  import middy from '@middy/core';
  import { Hono } from 'hono';
  import { handle } from 'hono/aws-lambda';
  import { MemoryStore, cookieTransport, currentSession, session, sessionsOf, streamingSession } from 'cdk-session-table/lambda-runtime';
  import { sessions } from 'cdk-session-table/lambda-runtime/hono';
  import { middySession } from 'cdk-session-table/lambda-runtime/middy';

  const options = () => ({ store: new MemoryStore(), ttl: 900 });
  const steps = {
    '/sign-in': () => { currentSession().signIn('user'); },
    '/user': () => currentSession().user,
    '/sessions': async () => (await sessionsOf('user').list()).map(({ isCurrent }) => isCurrent).sort(),
    '/sign-out-everywhere': () => sessionsOf('user').destroyAll(),
  };
  const body = async (path) => JSON.stringify(await steps[path]() ?? null);
  const plain = async ({ rawPath }) => ({ statusCode: 200, body: await body(rawPath) });
  const app = new Hono().use(sessions(options())).all('*', async (c) => c.text(await body(c.req.path)));

  export const header = session(plain, options());
  export const cookie = session(plain, { ...options(), transport: cookieTransport() });
  export const hono = handle(app);
  export const wrapped = middySession(middy(plain), options());
  export const streaming = streamingSession(async ({ rawPath }, stream) => {
    stream.write(await body(rawPath));
    stream.end();
  }, options());`;

const bundles = useBundles();
let lambda: LocalLambda | undefined;
afterEach(async () => lambda?.stop());

/** A client that sends its id as it got it last. */
function client() {
  let headers: Record<string, string> = {};
  return async (path: string): Promise<unknown> => {
    const result = await lambda!.invoke({ ...httpApiV2Event(headers), rawPath: path });
    const { metadata, body } = 'contentType' in result ? streamed(result.body) : { metadata: result, body: result.body };
    const id = metadata.headers?.['session-id'];
    headers = metadata.cookies?.length > 0 ? { cookie: metadata.cookies[0].split(';')[0] } : id === undefined ? headers : { 'session-id': id };
    return JSON.parse(body);
  };
}

function streamed(response: string) {
  const [metadata, body] = response.split(DELIMITER);
  return { metadata: JSON.parse(metadata), body };
}

test.each(['header', 'cookie', 'hono', 'wrapped', 'streaming'])('a user signs in on two devices and signs out everywhere: %s', async (handler) => {
  lambda = await startLambda({ directory: bundles.bundleText(HANDLERS), handler: `index.${handler}` });
  const [laptop, phone] = [client(), client()];
  await laptop('/sign-in');
  await phone('/sign-in');

  expect([await laptop('/user'), await phone('/user')]).toEqual(['user', 'user']);
  expect(await phone('/sessions')).toEqual([false, true]);

  await phone('/sign-out-everywhere');
  expect([await laptop('/user'), await phone('/user')]).toEqual([null, null]);
});
