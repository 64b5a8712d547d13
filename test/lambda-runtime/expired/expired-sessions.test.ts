import type { DynamoDBStreamEvent } from 'aws-lambda';
import { correlationHash } from '../../../lambda-runtime/src/ids/session-id.js';
import { expiredSessions } from '../../../lambda-runtime/src/index.js';

const EXPIRY = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
const ROW = {
  key: { S: 'the-id' },
  value: { M: { cart: { L: [{ S: 'book' }] }, photo: { B: 'AQI=' }, big: { N: '12345678901234567890' } } },
  created_at: { N: '1700000000.5' },
  access_counter: { N: '3' },
  ttl: { N: '1700000900' },
  user: { S: 'ada' },
};

const record = (overrides: object = {}, image: object = ROW) =>
  ({ eventName: 'REMOVE', userIdentity: EXPIRY, dynamodb: { OldImage: image, SequenceNumber: '111' }, ...overrides });
const sessionsIn = (...records: object[]) => [...expiredSessions({ Records: records as never })];

test('returns the session with its hash, data, user and times, and never its id', () => {
  const event = { Records: [record()] };
  const before = structuredClone(event);
  const [expired] = [...expiredSessions<{ photo: Uint8Array }>(event)];

  expect(expired).toEqual({
    session: correlationHash('the-id'),
    data: { cart: ['book'], photo: new Uint8Array([1, 2]), big: 12345678901234567890n },
    user: 'ada',
    createdAt: new Date(1700000000500),
    expiredAt: new Date(1700000900000),
    saves: 3,
    sequenceNumber: '111',
  });
  expect(JSON.stringify(expired, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('the-id');
  expect(event).toEqual(before);
});

test('takes the event type of @types/aws-lambda', () => {
  const event: DynamoDBStreamEvent = { Records: [record() as DynamoDBStreamEvent['Records'][0]] };

  expect([...expiredSessions(event)]).toHaveLength(1);
});

test('returns a session without data, user and times', () => {
  expect(sessionsIn(record({}, { key: { S: 'id' }, value: { NULL: true } }))).toMatchObject([
    { data: null, user: undefined, createdAt: undefined, expiredAt: undefined, saves: 0 },
  ]);
});

test.each([
  ['a session that was destroyed', record({ userIdentity: undefined })],
  ['a deletion by another service', record({ userIdentity: { type: 'Service', principalId: 'other.amazonaws.com' } })],
  ['a deletion by a user with the name of the service', record({ userIdentity: { type: 'User', principalId: 'dynamodb.amazonaws.com' } })],
  ['a change', record({ eventName: 'MODIFY' })],
  ['the link of a WebSocket', record({}, { ...ROW, key: { S: '\u0001ws:abc' } })],
  ['a forwarding row', record({}, { key: { S: 'old' }, value: { NULL: true }, moved_to: { S: 'new' }, ttl: { N: '1' } })],
  ['a row of something else', record({}, { key: { S: 'other' }, ttl: { N: '1' } })],
])('leaves out %s', (_, other) => {
  expect(sessionsIn(other, record())).toHaveLength(1);
});

test.each([[undefined], [{}], [{ Records: 'x' }]])('refuses %p, which is not the event of a stream', (event) => {
  expect(() => [...expiredSessions(event as never)]).toThrow('expiredSessions() takes the event of a DynamoDB stream');
});

test('refuses a stream without old images', () => {
  expect(() => sessionsIn(record({ dynamodb: { Keys: { key: { S: 'id' } } } }))).toThrow('the stream holds no old images');
});
