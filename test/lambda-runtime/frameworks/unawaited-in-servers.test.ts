import { createServer } from 'node:http';
import { sessions } from '../../../lambda-runtime/src/adapters/node.js';
import { MemoryStore, conversation, currentSession, sessionsOf, setSessionData, useSessionIdFromSeed } from '../../../lambda-runtime/src/index.js';
import { close, endpointOf, listen } from '../../fixtures/listening.js';

/** A request to a server whose handler does something with its session and then answers; returns the answer's status. */
async function request(store: MemoryStore, handler: () => void): Promise<number> {
  const withSession = sessions({ store, update: true });
  const server = createServer((incoming, response) => withSession(incoming, response, (error) => {
    if (error !== undefined) {
      return response.writeHead(500).end();
    }
    handler();
    return response.end('done');
  }));
  await listen(server);
  try {
    return (await fetch(endpointOf(server), { headers: { 'session-id': 'id' } })).status;
  } finally {
    await close(server);
  }
}

const unhandled = jest.fn();
beforeAll(() => { process.on('unhandledRejection', unhandled); });
afterAll(() => { process.off('unhandledRejection', unhandled); });

test.each<[string, () => unknown]>([
  ['an update', () => currentSession().update(() => { throw new Error('of the update'); })],
  ['an append', () => conversation<unknown>().append(Symbol('cannot be stored'))],
  ['a list of sessions', () => sessionsOf('ada').list()],
  ['a seed', () => useSessionIdFromSeed('room')],
])('in a server on a port, what fails and nobody awaits fails its request, before anything is sent or saved: %s', async (_, start) => {
  const store = new MemoryStore();
  store.collections!.query = async () => { throw new Error('of the store'); };
  const status = await request(store, () => {
    setSessionData('never saved');
    void start();
  });

  expect(status).toBe(500);
  expect((await store.get('id'))?.value).not.toEqual({ S: 'never saved' });
  expect(unhandled).not.toHaveBeenCalled();
});

test('in a server on a port, what succeeds and nobody awaits is done before the response', async () => {
  const store = new MemoryStore();

  expect(await request(store, () => void currentSession().update(() => 'updated'))).toBe(200);
  expect((await store.get('id'))?.value).toEqual({ S: 'updated' });
});
