import { MemoryStore, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionIdStatus, SessionOptions, SessionTransport } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';

const NOTHING = { headers: {}, cookies: [] };

let store: MemoryStore;
let written: SessionIdStatus[];

const transport: SessionTransport = {
  adoptsUnknownIds: true,
  readId: (request) => request.header('my-id'),
  writeId: (status) => {
    written.push(status);
    return NOTHING;
  },
  clearId: () => NOTHING,
};

beforeEach(() => {
  store = new MemoryStore();
  written = [];
});

const visit = (handler: () => unknown, options: SessionOptions = {}) => session(async () => {
  await handler();
  return { statusCode: 200 };
}, { store, update: true, ttl: 900, transport, ...options })(bareEvent({ 'my-id': 'mine' }));

describe('a transport of a user\'s own learns', () => {
  test('that the expiry was set, when a session begins under the id that the client presented', async () => {
    await visit(() => setSessionData({ n: 1 }));

    expect(written).toMatchObject([{ id: 'mine', isNewToClient: false, expiryMoved: true }]);
  });

  test('that it was not, when an unchanged session is not due for a renewal', async () => {
    await visit(() => setSessionData({ n: 1 }));
    await visit(() => undefined);

    expect(written[1]).toMatchObject({ id: 'mine', isNewToClient: false, expiryMoved: false });
  });

  test('that it was moved, when a renewal was due', async () => {
    await visit(() => setSessionData({ n: 1 }));
    await visit(() => undefined, { ttl: 9000, touchAfter: 0 });

    expect(written[1]).toMatchObject({ id: 'mine', isNewToClient: false, expiryMoved: true });
  });
});
