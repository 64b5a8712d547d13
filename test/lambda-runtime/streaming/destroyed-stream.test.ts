import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryStore, getSessionData, setSessionData, streamingSession } from '../../../lambda-runtime/src/index.js';
import type { ResponseStream } from '../../../lambda-runtime/src/index.js';
import { httpApiV2Event } from '../../fixtures/events.js';
import { close, endpointOf, listen } from '../../fixtures/listening';

/*
 * As in AWS's runtime client, the response stream is a request to a server. This server takes the first bytes and then closes
 * the connection. The runtime client itself would wait for it for ever, so what it does of it is done here.
 */
let server: Server;
let store: MemoryStore;

beforeAll(async () => {
  server = createServer((incoming) => { incoming.once('data', () => incoming.destroy()); });
  await listen(server);
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: unknown) => handler,
      HttpResponseStream: {
        from: (stream: unknown) => stream,
      },
    },
  });
});
afterAll(() => close(server));
beforeEach(() => { store = new MemoryStore(); });

const stored = async () => (await store.get('id'))?.value;

/** Runs a handler whose client is gone after the first byte. */
async function invoke(handler: (stream: ResponseStream, closed: Promise<unknown>) => Promise<unknown>): Promise<void> {
  const stream = Object.assign(request(endpointOf(server), { method: 'POST' }), { setContentType: () => undefined }) as unknown as ResponseStream;
  stream.on('error', () => undefined); // that the connection is closed, as the runtime client notes too
  const closed = new Promise((resolve) => { stream.once('close', resolve); });
  await streamingSession(async (_, responseStream) => { await handler(responseStream, closed); }, { store, update: true })(
    httpApiV2Event({ 'session-id': 'id' }), stream, {},
  );
}

test('what was set before the client was gone is saved', async () => {
  await invoke(async (stream, closed) => {
    setSessionData('before');
    stream.write('begun');
    await closed;
  });

  expect(await stored()).toEqual({ S: 'before' });
});

test('what is set after that is saved too, when the handler returns', async () => {
  await invoke(async (stream, closed) => {
    stream.write('begun');
    await closed;
    setSessionData('after');
    await sleep(5);
    expect(getSessionData()).toBe('after');
  });

  expect(await stored()).toEqual({ S: 'after' });
});

test('a handler that goes on and ends the stream saves once', async () => {
  const create = jest.spyOn(store, 'create');
  await invoke(async (stream, closed) => {
    setSessionData('before');
    stream.write('begun');
    await closed;
    stream.write('more');
    stream.end('all');
  });

  expect(await stored()).toEqual({ S: 'before' });
  expect(create).toHaveBeenCalledTimes(1);
});

test('a save that fails then fails the invocation', async () => {
  store.create = async () => { throw new Error('the store is down'); };

  await expect(invoke(async (stream, closed) => {
    stream.write('begun');
    await closed;
  })).rejects.toThrow('the store is down');
});

test('a pipeline that fails because the client is gone is an error of the handler: nothing is saved', async () => {
  await expect(invoke((stream) => {
    setSessionData('never');
    return pipeline(async function* () {
      for (;;) {
        yield 'x';
        await sleep(1);
      }
    }, stream);
  })).rejects.toThrow(/Premature close|socket hang up|ECONNRESET/);

  expect(await stored()).toBeUndefined();
});
