import { SessionOptionsError, session } from '../../../lambda-runtime/src/index.js';

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
