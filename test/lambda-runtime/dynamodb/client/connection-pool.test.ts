import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { behindFaultProxy } from './behind-fault-proxy.js';
import { rejection } from './both-clients.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

const run = behindFaultProxy(createLightweightClient);

afterEach(() => jest.restoreAllMocks());

test('connections are used again', async () => {
  for (let call = 0; call < 3; call++) await run.count();

  expect(run.proxy.connectionCount).toBe(1);
});

test('connections that are dead cost one more attempt, however many there are', async () => {
  await Promise.all(Array.from({ length: 5 }, () => run.count()));
  run.proxy.killConnections();

  expect((await run.count()).$metadata.attempts).toBe(2);
  expect((await run.count()).$metadata.attempts).toBe(1);
});

test('connections that die between calls, five times in a row, fail no call', async () => {
  for (let call = 0; call < 5; call++) {
    await run.count();
    run.proxy.killConnections();
  }

  expect((await run.count()).$metadata.attempts).toBe(2);
});

test('connections that are dead take none of the four attempts away', async () => {
  await run.count();
  run.proxy.killConnections();
  const fault = { status: 500, error: 'InternalServerError' };
  run.proxy.next(fault, fault, fault);

  expect((await run.count()).$metadata.attempts).toBe(5);
});

test('connections that lost an answer after it had begun are counted as an attempt', async () => {
  await run.count();
  const fault = { status: 500, error: 'InternalServerError' };
  run.proxy.next('answer cut in half', fault, fault, fault);

  expect(await rejection(run.count())).toMatchObject({ name: 'InternalServerError', $metadata: { attempts: 4 } });
});

test('connections that were idle for a minute of the wall clock are not used again', async () => {
  await run.count();
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + 60_000);

  expect((await run.count()).$metadata.attempts).toBe(1);
  expect(run.proxy.seen.map(({ connection }) => connection)).toEqual([1, 2]);
});

test('connections closed by the other side while idle disturb nobody', async () => {
  await run.count();
  await run.proxy.closeConnections();

  expect((await run.count()).$metadata.attempts).toBe(1);
  expect(run.proxy.connectionCount).toBe(2);
});

test('connections to an https endpoint begin with a TLS handshake that names the host', async () => {
  let heard = Buffer.alloc(0);
  const server = createServer((socket) => socket.once('data', (data) => {
    heard = data;
    socket.destroy();
  })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `https://localhost:${(server.address() as AddressInfo).port}`;

  const error = await rejection(run.count());
  server.close();
  expect(error).toMatchObject({ name: 'DynamoDBTransportError', code: 'ECONNRESET', $metadata: { attempts: 4 } });
  expect(heard[0]).toBe(0x16);
  expect(heard.includes('localhost')).toBe(true);
});
