import { MemoryStore, cookieTransport, currentSession, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionTransport } from '../../../lambda-runtime/src/index.js';
import { Browser } from '../../fixtures/browser.js';

const [FIRST, SECOND] = ['first-secret-of-32-bytes-or-more-x', 'second-secret-of-32-bytes-or-more'];

/** As a transport of a user's own may be. */
const sentWithEveryAnswer: SessionTransport = {
  ...cookieTransport(),
  writeId: (status) => cookieTransport().writeId({ ...status, isNewToClient: true }),
};

/** Cookies that every answer sends again, as the client would lose them otherwise: how they were set, and the options since. */
const SENT_AGAIN: [string, SessionTransport, SessionTransport, SessionOptions][] = [
  ['signed by a former secret', cookieTransport({ secrets: [FIRST] }), cookieTransport({ secrets: [SECOND, FIRST] }), {}],
  ['set before it was given an end', cookieTransport(), cookieTransport({ maxAge: 900 }), {}],
  ['set before it was given an end, of a session that does not roll', cookieTransport(), cookieTransport({ maxAge: 900 }), { rolling: false }],
  ['set before it was given an end, write-once', cookieTransport(), cookieTransport({ maxAge: 900 }), { update: false }],
  ['sent with every answer', cookieTransport(), sentWithEveryAnswer, {}],
];

describe.each(SENT_AGAIN)('the cookie that an answer would send again: %s', (_, before, since, given) => {
  let store: MemoryStore;
  let browser: Browser;
  const handler = (run: () => unknown, transport: SessionTransport, options: SessionOptions = {}) => session(async () => {
    await run();
    return { statusCode: 200 };
  }, { store, update: true, ttl: 900, transport, ...options });
  const now = (run: () => unknown) => handler(run, since, given);

  beforeEach(async () => {
    store = new MemoryStore();
    browser = new Browser();
    await browser.visit(handler(() => setSessionData('cart'), before));
  });

  test('does not replace the one of a login that came meanwhile', async () => {
    let id!: string;
    await browser.visit(now(() => browser.visit(now(() => {
      currentSession().regenerate();
      ({ id } = currentSession());
    }))));

    expect(browser.lastSet).toEqual([]);
    await browser.visit(now(() => { expect(currentSession()).toMatchObject({ id, data: 'cart' }); }));
  });

  test('does not bring back the one of a logout that came meanwhile', async () => {
    await browser.visit(now(() => browser.visit(now(() => currentSession().destroy()))));

    expect(browser.cookie).toBeUndefined();
  });

  test('and not from a function that may only read', async () => {
    process.env.SESSION_LAMBDA_READ_ONLY = '1';
    const read = now(() => browser.visit(login));
    delete process.env.SESSION_LAMBDA_READ_ONLY;
    const login = now(() => currentSession().regenerate());
    await browser.visit(read);

    expect(browser.lastSet).toEqual([]);
  });

  test('is sent again otherwise', async () => {
    await browser.visit(now(() => undefined));

    expect(browser.lastSet).toHaveLength(1);
  });
});
