import { isUsableId } from '../../../lambda-runtime/src/ids/session-id.js';
import { MemoryStore, SessionOptionsError, currentSession, headerTransport, session } from '../../../lambda-runtime/src/index.js';
import { httpApiV2Event, restApiV1Event } from '../../fixtures/events.js';

const presenting = (headers: Record<string, string>) => ({ header: (name: string) => headers[name], cookies: () => [] });

test('reads and writes the id in the header session-id', () => {
  const transport = headerTransport();

  expect(transport.readId(presenting({ 'session-id': 'a' }))).toBe('a');
  expect(transport.writeId({ id: 'a', isNewToClient: false, expiryMoved: false })).toEqual({ headers: { 'session-id': 'a' }, cookies: [] });
});

test('reads and writes the id in a header of another name', () => {
  const transport = headerTransport({ name: 'X-Chat' });

  expect(transport.readId(presenting({ 'X-Chat': 'a', 'session-id': 'b' }))).toBe('a');
  expect(transport.writeId({ id: 'a', isNewToClient: true, expiryMoved: true }).headers).toEqual({ 'X-Chat': 'a' });
});

test('says by an empty header, which is no id, that the session is gone', () => {
  const transport = headerTransport();
  const { headers } = transport.clearId({ header: () => undefined, cookies: () => [] });

  expect(headers).toEqual({ 'session-id': '' });
  expect(isUsableId(transport.readId(presenting(headers)))).toBe(false);
});

test('if payload 2.0 joins several values by commas, the last one counts; elsewhere a comma is part of the id', () => {
  const transport = headerTransport();

  expect(transport.readId({ ...presenting({ 'session-id': 'A,A' }), joinsHeaders: true })).toBe('A');
  expect(transport.readId({ ...presenting({ 'session-id': 'A, B' }), joinsHeaders: true })).toBe('B');
  expect(transport.readId({ ...presenting({}), joinsHeaders: true })).toBeUndefined();
  expect(transport.readId(presenting({ 'session-id': 'A,B' }))).toBe('A,B');
});

test('an id that is sent twice is the session\'s in payload 2.0, which joins the two, as in the lists of a REST API', async () => {
  const handler = session(async () => ({ statusCode: 200, body: currentSession().id }), { store: new MemoryStore() });

  expect(await handler(httpApiV2Event({ 'session-id': 'A,A' }))).toMatchObject({ body: 'A', headers: { 'session-id': 'A' } });
  expect(await handler(restApiV1Event(null, { 'session-id': ['A', 'A'] }))).toMatchObject({ body: 'A', headers: { 'session-id': 'A' } });
});

test.each([
  'authorization', 'Content-Length', 'connection', 'cookie', 'Set-Cookie', 'host', 'X-Amzn-Trace-Id', 'x-forwarded-for', 'sec-fetch-site', 'User-Agent', 'cache-control',
])('a name that gateways or clients set, rename or drop is refused: %s', (name) => {
  expect(() => headerTransport({ name })).toThrow(SessionOptionsError);
  expect(() => headerTransport({ name })).toThrow(`cannot be named '${name}'`);
});

test.each<[unknown]>([[''], ['my header'], ['a:b'], ['a\nb'], [17], [null]])('a name that cannot be a header is refused: %j', (name) => {
  expect(() => headerTransport({ name: name as string })).toThrow(SessionOptionsError);
});
