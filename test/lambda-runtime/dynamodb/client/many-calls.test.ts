import { setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import { rejection } from './both-clients.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import { close, endpointOf, listen } from '../../../fixtures/listening.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

useLocalDynamoDB();

describe('many calls at the same time', () => {
  let server: Server;
  let requests: number;
  let connections: number;
  let answerAfterMs: number | undefined;

  beforeEach(async () => {
    requests = 0;
    connections = 0;
    server = createServer((request, response) => {
      requests++;
      request.resume().on('end', () => {
        if (answerAfterMs !== undefined) setTimeout(() => response.end('{}'), answerAfterMs);
      });
    });
    server.on('connection', () => connections++);
    await listen(server);
    process.env.AWS_ENDPOINT_URL_DYNAMODB = endpointOf(server);
  });
  afterEach(() => close(server));

  const read = (client = createLightweightClient(), abortSignal?: AbortSignal) => client.getItem({ TableName: 'any', Key: { key: { S: 'any' } } }, { abortSignal });

  test('share 50 connections and are sent once each, however long they wait for one', async () => {
    // 1,000 calls over 50 connections wait up to 20 times this long: well beyond the second of silence that an attempt may last.
    answerAfterMs = 100;
    const client = createLightweightClient();
    const outputs = await Promise.all(Array.from({ length: 1000 }, () => read(client)));

    expect(outputs.every(({ $metadata }) => $metadata.attempts === 1)).toBe(true);
    expect(requests).toBe(1000);
    expect(connections).toBe(50);
  }, 60_000);

  test('can be aborted while they wait for a connection', async () => {
    answerAfterMs = undefined;
    const client = createLightweightClient();
    const abort = new AbortController();
    setMaxListeners(100, abort.signal);
    const calls = Array.from({ length: 60 }, () => rejection(read(client, abort.signal)));
    while (requests < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();

    expect((await Promise.all(calls)).map(({ name }) => name)).toEqual(Array.from({ length: 60 }, () => 'AbortError'));
  }, 60_000);
});
