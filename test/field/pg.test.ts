import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Pool } from 'pg';
import { MemoryStore, currentSession, getSessionData, session, setSessionData } from '../../lambda-runtime/src/index.js';
import { bareEvent } from '../fixtures/events.js';

/*
 * A server that speaks as much of PostgreSQL's protocol as a client needs to connect without a password and to send simple
 * queries, all of which it answers with one row.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
const server = createServer((socket) => {
  let isStarted = false;
  socket.on('data', (received) => {
    for (let rest = received; rest.length > 0;) {
      const lengthAt = isStarted ? 1 : 0;
      const type = isStarted ? String.fromCharCode(rest[0]) : 'startup';
      rest = rest.subarray(lengthAt + rest.readInt32BE(lengthAt));
      isStarted = true;
      answer(socket, type);
    }
  });
});

function answer(socket: Socket, type: string): void {
  const ready = message('Z', Buffer.from('I'));
  if (type === 'startup') {
    socket.write(Buffer.concat([message('R', int32(0)), ready]));
  } else if (type === 'Q') {
    const description = Buffer.concat([int16(1), Buffer.from('answer\0'), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]);
    const row = Buffer.concat([int16(1), int32(2), Buffer.from('42')]);
    socket.write(Buffer.concat([message('T', description), message('D', row), message('C', Buffer.from('SELECT 1\0')), ready]));
  } else if (type === 'X') {
    socket.end();
  }
}

const message = (type: string, body: Buffer) => Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

let pool: Pool;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => { pool = new Pool({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'app', database: 'app', ssl: false, max: 1 }); });
afterEach(() => pool.end());
afterAll(() => server.close());

const store = new MemoryStore();

/** Logs a user in, queries the database, and returns whose session the code after the query finds. */
const login = (user: string, query: (then: () => void) => void) => session(() => {
  setSessionData({ user });
  return new Promise<unknown>((resolve) => query(() => {
    try {
      resolve([getSessionData(), currentSession().id]);
    } catch (error) {
      resolve((error as Error).name);
    }
  }));
}, { store, update: true })(bareEvent({ 'session-id': `id-of-${user}` }));

test('a callback of pg\'s pool never reads the session of the user who opened the connection', async () => {
  const query = (then: () => void) => void pool.query('SELECT 42 AS answer', (error, result) => {
    expect([error, result.rows]).toEqual([undefined, [{ answer: '42' }]]);
    then();
  });

  expect(await login('ada', query)).toEqual([{ user: 'ada' }, 'id-of-ada']);
  expect(await login('eve', query)).toBe('NoActiveSessionError');
  expect(pool.totalCount).toBe(1);
});

test('with promises, code after a query of pg finds its own session', async () => {
  const query = (then: () => void) => void pool.query('SELECT 42 AS answer').then(then);

  expect(await login('ada', query)).toEqual([{ user: 'ada' }, 'id-of-ada']);
  expect(await login('eve', query)).toEqual([{ user: 'eve' }, 'id-of-eve']);
  expect(pool.totalCount).toBe(1);
});
