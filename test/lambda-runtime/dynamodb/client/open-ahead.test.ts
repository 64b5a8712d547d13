import { behindFaultProxy } from './behind-fault-proxy.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import type { LightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

const run = behindFaultProxy(createLightweightClient);

afterEach(() => jest.restoreAllMocks());

/** With a connection of its own that is open. */
async function connected(): Promise<void> {
  (run.client as LightweightClient).connect();
  while (run.proxy.connectionCount < 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a connection opened ahead serves the first call, and nothing was sent over it before', async () => {
  await connected();
  expect(run.proxy.seen).toHaveLength(0);

  expect((await run.count()).$metadata.attempts).toBe(1);
  expect((await run.count()).$metadata.attempts).toBe(1);
  expect(run.proxy.seen.map(({ connection }) => connection)).toEqual([1, 1]);
});

test('a connection opened ahead that slept for a minute of the wall clock is not used', async () => {
  await connected();
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + 60_000);

  expect((await run.count()).$metadata.attempts).toBe(1);
  expect(run.proxy.seen.map(({ connection }) => connection)).toEqual([2]);
});

test('a connection opened ahead that died silently costs one more attempt, which is not counted', async () => {
  await connected();
  run.proxy.killConnections();
  const fault = { status: 500, error: 'InternalServerError' };
  run.proxy.next(fault, fault, fault);

  expect((await run.count()).$metadata.attempts).toBe(5);
});

test('a connection opened ahead serves one of several first calls', async () => {
  await connected();
  await Promise.all([run.count(), run.count(), run.count()]);

  expect(run.proxy.connectionCount).toBe(3);
});

test('a connection opened ahead to another endpoint is not used', async () => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:1';
  (run.client as LightweightClient).connect();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = run.proxy.endpoint;

  expect((await run.count()).$metadata.attempts).toBe(1);
});
