import { createServer, type Server } from 'node:http';
import { describeBothClients, rejection } from './both-clients.js';
import { Clock } from '../../../../lambda-runtime/src/dynamodb/client/clock.js';
import type { DynamoDBClient } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import { close, endpointOf, listen } from '../../../fixtures/listening.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

const MINUTE_MS = 60_000;
const realNow = Date.now;

/** Refuses what was signed more than 5 minutes off its own time, as DynamoDB does. */
let server: Server;
let requests: number;
let serverOffsetMs: number;

useLocalDynamoDB();
beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    const serverTime = realNow() + serverOffsetMs;
    const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(String(request.headers['x-amz-date']))!;
    const signedAt = Date.parse(`${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`);
    const isOff = Math.abs(signedAt - serverTime) > 5 * MINUTE_MS;
    const message = signedAt < serverTime ? `Signature expired: ${date}T${time}Z is now earlier than` : `Signature not yet current: ${date}T${time}Z is still later than`;
    response.sendDate = false;
    response.writeHead(isOff ? 400 : 200, { 'date': new Date(serverTime).toUTCString(), 'content-type': 'application/x-amz-json-1.0' });
    request.resume().on('end', () => response.end(isOff ? JSON.stringify({ __type: '#InvalidSignatureException', message }) : '{}'));
  });
  await listen(server);
});
beforeEach(() => {
  requests = 0;
  serverOffsetMs = 0;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpointOf(server);
});
afterAll(() => close(server));

const read = (client: DynamoDBClient) => client.getItem({ TableName: 'any', Key: { key: { S: 'any' } } });

describeBothClients((create) => {
  test.each([['behind', 7], ['ahead', -7], ['three hours behind', 180], ['three hours ahead', -180]])('a clock that is %s is corrected by the answer, for later calls too', async (_, minutes) => {
    serverOffsetMs = minutes * MINUTE_MS;
    const client = create();

    expect((await read(client)).$metadata.attempts).toBe(2);
    expect((await read(client)).$metadata.attempts).toBe(1);
    expect(requests).toBe(3);
  });

  test('calls under way at the same time are all retried', async () => {
    serverOffsetMs = 20 * MINUTE_MS;
    const client = create();

    const outputs = await Promise.all(Array.from({ length: 5 }, () => read(client)));
    expect(outputs.map(({ $metadata }) => $metadata.attempts)).toEqual([2, 2, 2, 2, 2]);
  });
});

test('a clock that was corrected and is then set right is corrected back', async () => {
  serverOffsetMs = 20 * MINUTE_MS;
  const client = createLightweightClient();
  await read(client);
  serverOffsetMs = 0;

  expect((await read(client)).$metadata.attempts).toBe(2);
  expect((await read(client)).$metadata.attempts).toBe(1);
});

test('a signature that is wrong for another reason is not retried', async () => {
  const wrongKey = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(400).end('{"__type":"#InvalidSignatureException","message":"does not match"}'));
  });
  await listen(wrongKey);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpointOf(wrongKey);
  const error = await rejection(read(createLightweightClient()));
  await close(wrongKey);

  expect(error).toMatchObject({ name: 'InvalidSignatureException', $metadata: { attempts: 1 } });
});

describe('clock', () => {
  const date = (ms: number) => ({ date: new Date(ms).toUTCString() });

  test('is left alone by an answer that repeats an old date from a cache, and by one that has no date', () => {
    const clock = new Clock();
    const now = Date.now();

    expect(clock.correctBy({ ...date(now - 3_600_000), age: '3600' }, now, now)).toBe(false);
    expect(clock.correctBy({}, now, now)).toBe(false);
    expect(clock.correctBy({ date: 'nonsense' }, now, now)).toBe(false);
    expect(clock.now() - Date.now()).toBeLessThan(1000);
  });

  test('is left alone by an answer that waited in a frozen sandbox', () => {
    const clock = new Clock();
    const anHourAgo = Date.now() - 3_600_000;

    expect(clock.correctBy(date(anHourAgo - 600_000), anHourAgo, anHourAgo)).toBe(false);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  });
});
