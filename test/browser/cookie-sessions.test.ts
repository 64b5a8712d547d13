import type { Browser, Page } from 'playwright-core';
import { MemoryStore, cookieTransport, currentSession, getSessionData, session, setSessionData } from '../../lambda-runtime/src/index.js';
import type { CookieTransportProps } from '../../lambda-runtime/src/index.js';
import { describeInChromium, launchChromium } from '../fixtures/chromium';
import { startFunctionServer } from '../fixtures/function-server';
import type { FunctionServer } from '../fixtures/function-server';

interface Data {
  user?: string;
  cart?: string;
}

const html = (body: string) => ({ statusCode: 200, headers: { 'content-type': 'text/html' }, body: `<!doctype html>${body}` });
const page = (body: string) => async () => html(body);

/** A promise that somebody else settles. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { opened, open };
}

describeInChromium('a login in Chromium', () => {
  let browser: Browser;
  let server: FunctionServer;
  let tab: Page;
  let slow: ReturnType<typeof gate>;
  let reached: ReturnType<typeof gate>;

  beforeAll(async () => { browser = await launchChromium(); });
  afterAll(async () => browser?.close());
  afterEach(async () => {
    await tab?.context().close();
    await server?.stop();
  });

  /** A site on localhost, whose cookies Chromium takes for secure, and beside it another site: 127.0.0.1. */
  async function open(props: CookieTransportProps = {}, other: CookieTransportProps = {}): Promise<void> {
    [slow, reached] = [gate(), gate()];
    const store = new MemoryStore();
    const otherStore = new MemoryStore();
    const options = { store, update: true, transport: cookieTransport(props) };
    const withSession = (run: () => unknown) => session(async () => html(String(await run())), options);
    const data = () => getSessionData<Data>() ?? {};
    server = await startFunctionServer({
      '/': page('home'),
      '/user': withSession(() => data().user ?? 'nobody'),
      '/cart': withSession(() => { setSessionData({ ...data(), cart: 'tea' }); }),
      '/login': withSession(async () => {
        setSessionData({ ...data(), user: 'ann' });
        currentSession().regenerate();
        await new Promise((resolve) => setTimeout(resolve, 100));
        return data().user;
      }),
      '/slow': withSession(async () => {
        const { user } = data();
        reached.open();
        await slow.opened;
        return user ?? 'nobody';
      }),
      '/other-service': session(async () => {
        setSessionData('of another service');
        return html('other');
      }, { store: otherStore, transport: cookieTransport({ name: '__Host-other', ...other }) }),
      '/other-service/read': session(async () => html(String(getSessionData())), { store: otherStore, transport: cookieTransport(other) }),
    });
    tab = await (await browser.newContext()).newPage();
  }

  const own = (path: string) => `http://localhost:${server.port}${path}`;
  const foreign = () => `http://127.0.0.1:${server.port}/`;
  const post = async (path: string) => tab.evaluate(async (to) => (await fetch(to, { method: 'POST' })).text(), path);
  const user = async () => tab.evaluate(async () => (await (await fetch('/user')).text()).replace('<!doctype html>', ''));

  async function logIn(): Promise<void> {
    await tab.goto(own('/'));
    await post('/login');
    expect(await user()).toBe('ann');
  }

  test('outlasts a form that another site submits', async () => {
    await open();
    await logIn();
    await tab.goto(foreign());
    await tab.setContent(`<form method="post" action="${own('/user')}"><button>go</button></form>`);
    await tab.click('button');
    await tab.waitForURL(own('/user'));

    expect(await tab.textContent('body')).toBe('nobody'); // the form came without the cookie
    expect(await user()).toBe('ann');
  });

  test('outlasts a link from another site with sameSite strict', async () => {
    await open({ sameSite: 'strict' });
    await logIn();
    await tab.goto(foreign());
    await tab.setContent(`<a href="${own('/user')}">go</a>`);
    await tab.click('a');
    await tab.waitForURL(own('/user'));

    expect(await tab.textContent('body')).toBe('nobody');
    expect(await user()).toBe('ann');
  });

  test.each([['without a session', false], ['with a session', true]])('outlasts a read that is under way while the user logs in: %s', async (_, hasSession) => {
    await open();
    await tab.goto(own('/'));
    if (hasSession) await post('/cart');
    const read = post('/slow');
    await reached.opened;
    await post('/login');
    slow.open();
    await read;

    expect(await user()).toBe('ann');
  });

  test.each([0, 60])('succeeds with a double click on "log in", %i ms apart', async (pause) => {
    await open();
    await tab.goto(own('/'));
    await post('/cart');
    await tab.setContent('<form method="post" action="/login"><button>log in</button></form>');
    await tab.evaluate(async (ms) => {
      const form = (globalThis as any).document.querySelector('form');
      form.submit();
      await new Promise((resolve) => setTimeout(resolve, ms));
      form.submit();
    }, pause).catch(() => undefined); // the page is left while it runs
    await tab.waitForURL(own('/login'));

    expect(await tab.textContent('body')).toBe('ann');
    expect(await user()).toBe('ann');
  });

  test('outlasts a second service on the host, with a cookie name of its own', async () => {
    await open();
    await logIn();
    await post('/other-service');

    expect(await user()).toBe('ann');
  });

  test('outlasts a second service with the same cookie name that stores nothing', async () => {
    await open();
    await logIn();
    await post('/other-service/read');

    expect(await user()).toBe('ann');
  });

  test('is replaced by a second service with the same cookie name that stores data, as the documentation warns', async () => {
    await open({}, { name: '__Host-session' });
    await logIn();
    await post('/other-service');

    expect(await user()).toBe('nobody');
  });
});
