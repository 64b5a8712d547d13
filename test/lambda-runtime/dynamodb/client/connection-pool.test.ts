import { once } from 'node:events';
import { Agent } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { behindFaultProxy } from './behind-fault-proxy.js';
import { rejection } from './both-clients.js';
import { ConnectionPool } from '../../../../lambda-runtime/src/dynamodb/client/connection-pool.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

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

/** Answers before its write is reported as done, as a TLS connection may: it reports that in a later round of the event loop. */
class AnswersEarly extends Duplex {
  constructor(private readonly afterwards: (connection: Duplex, done: () => void) => void) {
    super();
  }

  setKeepAlive = () => this;
  setTimeout = () => this;
  ref = () => this;
  unref = () => this;

  override _read(): void { /* what arrives is pushed */ }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    this.push(ANSWER);
    this.afterwards(this, done);
  }
}

const ENDPOINT = { protocol: 'http:', hostname: 'dynamodb.invalid', host: 'dynamodb.invalid', port: 80, path: '/' } as const;

/** The connections that are opened from now on. */
function openedAs(connection: () => Duplex): Duplex[] {
  const opened: Duplex[] = [];
  jest.spyOn(Agent.prototype, 'createConnection' as never).mockImplementation((() => opened[opened.push(connection()) - 1]) as never);
  return opened;
}

const post = (pool: ConnectionPool) => pool.post(ENDPOINT, { 'content-length': '2' }, '{}', { silenceMs: 5000 });

test('connections whose write is reported as done only after the answer are used again by the next call', async () => {
  const opened = openedAs(() => new AnswersEarly((_, done) => setTimeout(done, 50)));
  const pool = new ConnectionPool();

  for (let call = 0; call < 3; call++) expect((await post(pool)).body.toString()).toBe('{}');

  expect(opened).toHaveLength(1);
  opened.forEach((connection) => connection.destroy());
});

test.each<[string, Error | undefined]>([['close', undefined], ['break', new Error('write EPIPE')]])(
  'connections that %s after the answer but before the whole request is written have answered', async (_, error) => {
    openedAs(() => new AnswersEarly((connection) => setTimeout(() => connection.destroy(error), 50)));

    expect((await post(new ConnectionPool())).body.toString()).toBe('{}');
  },
);

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
