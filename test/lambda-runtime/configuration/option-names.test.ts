import {
  DynamoDBStore, JsonFileStore, MemoryStore, SessionOptionsError, conversation, cookieTransport, currentSession, headerTransport,
  initSessionStore, session, sessionsOf,
} from '../../../lambda-runtime/src/index.js';
import { invoke } from '../../../lambda-runtime/src/testing.js';

const EVENT = { version: '2.0', headers: { 'session-id': 'visitor' }, requestContext: { http: { method: 'GET', path: '/' } } };

/** What takes options, by the name that its error gives it; `any`, as in JavaScript nobody checks what is passed. */
const DOORS: readonly [string, (options: any) => unknown, string][] = [
  ['session()', (options) => session(async () => undefined, options), 'ttl'],
  ['cookieTransport()', (options) => cookieTransport(options), 'maxAge'],
  ['headerTransport()', (options) => headerTransport(options), 'name'],
  ['initSessionStore()', (options) => initSessionStore(options), 'runtime'],
  ['new DynamoDBStore()', (options) => new DynamoDBStore(options), 'tableName'],
  ['sessionsOf()', (options) => sessionsOf('user-1', options), 'store'],
  ['signIn()', inHandler((options) => currentSession().signIn('user-1', options)), 'persistent'],
  ['conversation()', inHandler((options) => conversation('messages', options)), 'keepFor'],
  ['conversation() of several sessions', inHandler((options) => conversation(options)), 'id'],
  ['invoke()', (options) => invoke(async () => undefined, options), 'session'],
  ['page()', inHandler((options) => conversation().page(options)), 'before'],
];

/** Calls it in a handler with a session. */
function inHandler(call: (options: any) => unknown): (options: any) => Promise<unknown> {
  return (options) => session(async () => { await call(options); }, { store: new MemoryStore(), update: true, ttl: 900 })(EVENT, {});
}

async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}

describe.each(DOORS)('%s', (_, call, option) => {
  test('refuses an option that it does not have, and names those it has', async () => {
    const error = await errorOf(() => call({ kepFor: 60 }));

    expect(error).toBeInstanceOf(SessionOptionsError);
    expect((error as Error).message).toMatch(new RegExp(`^there is no option kepFor.*; the options are .*\\b${option}\\b`));
  });

  test.each([['null', null], ['a number', 5], ['a list', ['keepFor']]])('refuses %s as options', async (__, options) => {
    expect(await errorOf(() => call(options))).toBeInstanceOf(SessionOptionsError);
  });
});

test.each(['yes', 1, null])('signIn() refuses %p as persistent', async (persistent) => {
  const error = await errorOf(() => inHandler((options) => currentSession().signIn('user-1', options))({ persistent }));

  expect(error).toEqual(new SessionOptionsError(`persistent must be true or false, got ${typeof persistent === 'string' ? `'${persistent}'` : persistent}`));
});

test.each([undefined, '', 5])('a DynamoDBStore refuses %p as its table', (tableName) => {
  expect(() => new DynamoDBStore({ tableName: tableName as string })).toThrow(SessionOptionsError);
});

test.each([undefined, '', 5])('a JsonFileStore refuses %p as its file', (filePath) => {
  expect(() => new JsonFileStore(filePath as string)).toThrow(SessionOptionsError);
});
