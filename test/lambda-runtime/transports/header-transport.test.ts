import { SessionOptionsError, headerTransport } from '../../../lambda-runtime/src/index.js';

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

test('tells by an empty header, which is no id, that the session is gone', () => {
  const transport = headerTransport();
  const { headers } = transport.clearId();

  expect(headers).toEqual({ 'session-id': '' });
  expect(transport.readId(presenting(headers))).toBeUndefined();
});

test.each(['', 'x'.repeat(2049), 'with space', 'line\r\nbreak', 'é'])('an id that cannot be one is not read: %j', (id) => {
  expect(headerTransport().readId(presenting({ 'session-id': id }))).toBeUndefined();
});

test.each<[unknown]>([[''], ['my header'], ['a:b'], ['a\nb'], [17], [null]])('a name that cannot be a header is refused: %j', (name) => {
  expect(() => headerTransport({ name: name as string })).toThrow(SessionOptionsError);
});
