import { DynamoDBStore, MemoryStore, SessionOptionsError, cookieTransport, initSessionStore, session, useStore } from '../../../lambda-runtime/src/index.js';
import { processWide } from '../../../lambda-runtime/src/platform/process-wide.js';

const handler = async () => ({ statusCode: 200 });

test.each<[string, object, RegExp]>([
  ['a negative ttl', { ttl: -1 }, /^ttl must be a whole number of seconds, got -1$/],
  ['a fraction as ttl', { ttl: 0.5 }, /^ttl must be a whole number of seconds, got 0\.5$/],
  ['a text as ttl', { ttl: '900' }, /^ttl must be a whole number of seconds, got '900'$/],
  ['NaN as ttl', { ttl: NaN }, /^ttl must be a whole number of seconds, got NaN$/],
  ['null as ttl', { ttl: null }, /^ttl must be a whole number of seconds, got null$/],
  ['a text as update', { update: 'yes' }, /^update must be true or false, got 'yes'$/],
  ['a number as consistentRead', { consistentRead: 1 }, /^consistentRead must be true or false, got 1$/],
  ['a text as saveUninitialized', { saveUninitialized: 'no' }, /^saveUninitialized must be true or false, got 'no'$/],
  ['another word for clientIds', { clientIds: 'adopt' }, /^clientIds must be 'accept' or 'reject', got 'adopt'$/],
  ['an empty idKeyName', { idKeyName: '' }, /^the name of the session header must be made of letters, digits and hyphens, got ""$/],
  ['an idKeyName that would split a header', { idKeyName: 'id\r\nx' }, /^the name of the session header must be/],
  ['an option that does not exist', { id_key_name: 'x' }, /^there is no option id_key_name; the options are idKeyName, update, ttl/],
])('refuses %s when session() is called', (_, options, message) => {
  const setUp = () => session(handler, options as never);

  expect(setUp).toThrow(SessionOptionsError);
  expect(setUp).toThrow(message);
});

test('refuses options at set-up of a wrapper too', () => {
  expect(() => session({ ttl: -1 })).toThrow(SessionOptionsError);
});

test('refuses a handler that takes a callback, and says what to do', () => {
  const withCallback = (_event: unknown, _context: unknown, callback: () => void) => callback();

  expect(() => session(withCallback)).toThrow(SessionOptionsError);
  expect(() => session(withCallback)).toThrow(/remove the third parameter/);
});

test('takes an option that is undefined for one that is not given', () => {
  expect(() => session(handler, { ttl: undefined, store: undefined, idKeyName: undefined, clientIds: undefined })).not.toThrow();
});

describe('time-outs that do not fit together', () => {
  const cookies = (maxAge: number) => ({ transport: cookieTransport({ maxAge }) });

  test.each<[string, object, RegExp]>([
    ['touchAfter equal to ttl', { update: true, ttl: 900, touchAfter: 900 }, /^touchAfter must be less than ttl: got 900 with a ttl of 900/],
    ['touchAfter without ttl', { touchAfter: 5 }, /^touchAfter must be less than ttl/],
    ['maxAge without ttl', cookies(900), /^the cookie's maxAge needs a ttl/],
    ['maxAge with ttl 0', { ttl: 0, ...cookies(900) }, /^the cookie's maxAge needs a ttl/],
    ['touchAfter without update: true', { ttl: 900, touchAfter: 30 }, /^touchAfter needs update: true: without it no unchanged session is renewed$/],
    ['rolling without update: true', { ttl: 900, rolling: true }, /^rolling: true needs update: true: without it no unchanged session is renewed/],
    ['touchAfter above maxAge', { update: true, ttl: 9000, touchAfter: 1000, ...cookies(900) }, /^touchAfter must be less than the cookie's maxAge/],
    ['maxAge below the ttl of write-once sessions', { ttl: 9000, ...cookies(900) }, /^the cookie's maxAge must not be less than ttl/],
    ['maxAge below the ttl of sessions that do not roll', { update: true, rolling: false, ttl: 9000, ...cookies(900) }, /^the cookie's maxAge must not/],
  ])('%s is refused', (_, options, message) => {
    expect(() => session(handler, options)).toThrow(SessionOptionsError);
    expect(() => session(handler, options)).toThrow(message);
  });

  test('rolling: false is taken without update: true, where it says what happens anyway', () => {
    expect(() => session(handler, { ttl: 900, rolling: false })).not.toThrow();
  });

  test('maxAge below ttl is taken where sessions are renewed', () => {
    expect(() => session(handler, { update: true, ttl: 9000, ...cookies(900) })).not.toThrow();
  });
});

test.each<[string, object, RegExp]>([
  ['a short pepper in a list', { hashIds: true, pepper: ['x'.repeat(32), 'short'] }, /^pepper: each must be a text of at least 32 bytes, got one of 5$/],
  ['an empty list of peppers', { hashIds: true, pepper: [] }, /^pepper must not be an empty list/],
  ['a promise of a store', { store: Promise.resolve(new MemoryStore()) }, /^store must be a session store, with get\(\) and the other methods, got \[object Promise\]$/],
  ['a client without getItem', { client: { send: async () => ({}) } }, /^client must be a client of DynamoDB with getItem\(\), such as new DynamoDB\(\), got \[object Object\]$/],
  ['a client beside a store', { store: new MemoryStore(), client: { getItem: async () => ({}) } }, /^store and client exclude each other: give the client to the store, as in new DynamoDBStore\(\{ tableName, client \}\)$/],
])('%s is refused', (_, options, message) => {
  expect(() => session(handler, options)).toThrow(message);
});

describe('a table whose rows never expire', () => {
  let warn: jest.SpyInstance;
  beforeEach(() => {
    processWide('warnings', () => new Set<string>()).clear();
    warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => { warn.mockRestore(); });

  const store = new DynamoDBStore({ tableName: 'sessions' });

  test('is warned of at set-up, once', () => {
    session(handler, { store });
    session(handler, { store });

    expect(warn.mock.calls).toEqual([[expect.stringContaining('the sessions never expire')]]);
  });

  describe('that is named by', () => {
    afterEach(() => {
      delete process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME;
      delete process.env.SESSION_LAMBDA_READ_ONLY;
      delete processWide<{ store?: unknown }>('configured-store', () => ({})).store;
    });

    const NAMED: [string, () => void][] = [
      ['the environment', () => { process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = 'sessions'; }],
      ['initSessionStore()', () => initSessionStore({ dynamodbTableName: 'sessions' })],
      ['useStore()', () => useStore(store)],
    ];

    test.each(NAMED)('%s is warned of too, but not with ttl, nor in a function that may only read', (_, name) => {
      name();
      session(handler, { ttl: 900 });
      process.env.SESSION_LAMBDA_READ_ONLY = 'true';
      session(handler);
      expect(warn).not.toHaveBeenCalled();

      delete process.env.SESSION_LAMBDA_READ_ONLY;
      session(handler);
      expect(warn).toHaveBeenCalledTimes(1);
    });

    test('nobody is not warned of', () => {
      session(handler);

      expect(warn).not.toHaveBeenCalled();
    });
  });

  test.each<[string, object]>([['ttl', { store, ttl: 900 }], ['absoluteTimeout', { store, absoluteTimeout: 900 }], ['another store', { store: new MemoryStore() }]])(
    'is not warned of with %s', (_, options) => {
      session(handler, options);

      expect(warn).not.toHaveBeenCalled();
    });
});
