import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { ChatVisitor } from './chat-visitor';
import { photograph } from './photograph';
import { type LocalChat, startLocalChat } from '../../examples/chat/local/local-chat';
import { describeInChromium, launchChromium } from '../fixtures/chromium';

const SCREENS = {
  phone: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1100, height: 700 } },
} satisfies Record<string, BrowserContextOptions>;
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SIGN_OUT_OTHERS = 'fetch("/sessions/sign-out-others", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).then(() => {})';
const LOG_IN_AGAIN = 'Your session has ended. Log in again.';

describeInChromium('the chat example', () => {
  let chat: LocalChat;
  let browser: Browser;
  const open = (options?: BrowserContextOptions) => ChatVisitor.open(browser, chat.url, options);
  const openAs = async (user: 'ada' | 'grace', options?: BrowserContextOptions) => {
    const visitor = await open(options);
    await visitor.logIn(user);
    await visitor.page.getByRole('textbox', { name: 'Message' }).waitFor();
    return visitor;
  };

  beforeAll(async () => {
    [chat, browser] = await Promise.all([startLocalChat(0), launchChromium()]);
  }, 300_000);
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser?.close();
    await chat?.stop();
  });

  it('streams the answer, and keeps the conversation over a reload and in a second tab', async () => {
    const ada = await openAs('ada');
    const text = `hello ${randomUUID()}`;
    await ada.write(text);
    await ada.page.locator('.growing').filter({ hasText: 'You said' }).waitFor(); // its beginning is there before its end
    expect((await ada.messages()).at(-1)).not.toContain('will be there.');
    await ada.page.locator('.growing').waitFor({ state: 'detached' });
    const said = await ada.messages();
    expect(said.slice(-2)).toEqual([text, expect.stringContaining(`You said “${text}”`)]);

    await ada.page.reload();
    await ada.sees(text);
    expect(await ada.messages()).toEqual(said);

    const tab = await ada.secondTab();
    await tab.sees(text);
    expect(await tab.messages()).toEqual(said);
    const more = `and more ${randomUUID()}`;
    await tab.say(more);
    await ada.sees(`Before that, you said “${text}”`);
    expect(await ada.messages()).toEqual(await tab.messages());
  }, 120_000);

  it('loses nothing of what two tabs say at the same time', async () => {
    const ada = await openAs('ada');
    const tab = await ada.secondTab();
    const texts = [`one ${randomUUID()}`, `two ${randomUUID()}`];
    await Promise.all([ada.say(texts[0]), tab.say(texts[1])]);
    await ada.page.reload();
    await ada.sees(texts[1]);
    expect((await ada.messages()).filter((message) => texts.includes(message)).sort()).toEqual([...texts].sort());
  }, 120_000);

  it('shows a second user nothing of it', async () => {
    await (await openAs('ada')).say(`a secret ${randomUUID()}`);
    const grace = await openAs('grace');
    await grace.sees('Say hello');
    expect(await grace.messages()).toEqual([]);
  }, 120_000);

  it('shows messages as text, whatever they hold', async () => {
    const ada = await openAs('ada');
    await ada.say('<img src=x onerror="document.title=1"> & “quotes”');
    expect(await ada.page.title()).toBe('Chat');
    expect(await ada.page.locator('#messages img').count()).toBe(0);
  }, 120_000);

  it('refuses a wrong password', async () => {
    const visitor = await open();
    await visitor.logIn('ada', 'wrong');
    await visitor.sees('This name and password do not match.');
  }, 120_000);

  it('can be used by keyboard alone', async () => {
    const { page } = await open();
    await page.keyboard.type('grace');
    await page.keyboard.press('Tab');
    await page.keyboard.type('nanosecond');
    await page.keyboard.press('Enter');
    await page.locator('#text:focus').waitFor();
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('#open-sessions:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#user:focus').waitFor();
  }, 120_000);

  it('asks to log in when the session has expired', async () => {
    const ada = await openAs('ada');
    await expireAllSessions(chat);
    await ada.write('still there?');
    await ada.sees(LOG_IN_AGAIN);
    await ada.logIn('ada');
    await ada.page.getByRole('textbox', { name: 'Message' }).waitFor();
  }, 120_000);

  it('lists sessions by device, and ends the one that is signed out', async () => {
    const [ada, phone] = [await openAs('ada'), await openAs('ada', { userAgent: IPHONE })];
    await ada.openSessions();
    await ada.click('Sign out Safari on iPhone');
    await ada.page.getByText('Safari on iPhone').waitFor({ state: 'detached' });
    await phone.write('still there?');
    await phone.sees(LOG_IN_AGAIN);
    await ada.click('Close');
    await ada.say('I am still here');
  }, 120_000);

  it('signs out all other sessions', async () => {
    const [ada, other] = [await openAs('ada'), await openAs('ada', { userAgent: FIREFOX })];
    await ada.openSessions();
    await ada.sees('Firefox on Windows');
    await ada.click('Sign out others');
    await ada.page.getByText('Firefox on Windows').waitFor({ state: 'detached' });
    expect(await ada.page.locator('#session-list li').allInnerTexts()).toEqual([expect.stringContaining('This browser')]);
    await other.write('still there?');
    await other.sees(LOG_IN_AGAIN);
  }, 120_000);

  it('signs out everywhere, which ends the session of the other browser too', async () => {
    const [ada, other, grace] = [await openAs('ada'), await openAs('ada', { userAgent: FIREFOX }), await openAs('grace')];
    await ada.openSessions();
    await ada.click('Sign out everywhere');
    await ada.sees('You are signed out everywhere.');
    await other.write('still there?');
    await other.sees(LOG_IN_AGAIN);
    await grace.openSessions();
    await grace.sees('This browser');
  }, 120_000);

  it('keeps the cookie when the browser is closed, if asked to', async () => {
    const inAMonth = Date.now() / 1000 + 29 * 24 * 3600;
    const areKept = async ({ context }: ChatVisitor) => (await context.cookies()).map(({ expires }) => expires > inAMonth);
    expect(await areKept(await openAs('ada'))).toEqual([false]);
    const visitor = await open();
    await visitor.page.getByLabel('Keep me logged in').check();
    await visitor.logIn('ada');
    await visitor.page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(await areKept(visitor)).toEqual([true]);
  }, 120_000);

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    it.each(Object.entries(SCREENS))('is accessible on a %s, and fits it', async (screen, options) => {
      const grace = await open({ ...options, colorScheme, bypassCSP: true }); // axe-core comes by eval
      const look = async (view: string) => {
        await photograph(grace.page, `${view}-${screen}-${colorScheme}`);
        expect(await grace.accessibilityFindings()).toEqual([]);
        expect(await grace.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      };
      await look('login');
      await grace.logIn('grace');
      await grace.sees('Say hello');
      await grace.page.evaluate(SIGN_OUT_OTHERS); // those of earlier tests
      await look('empty');
      await grace.say('Hello! Do you remember me?');
      await grace.say('And what did I ask you first?');
      await look('chat');
      await openAs('grace', { userAgent: IPHONE });
      await grace.openSessions();
      await look('sessions');
      await grace.click('Delete conversation');
      await grace.sees('Say hello');
    }, 120_000);
  });
});

/** As time would. DynamoDB deletes the rows days later at worst, so they are still there. */
async function expireAllSessions({ cloud, sessionTableName }: LocalChat): Promise<void> {
  const { Items = [] } = await cloud.client.scan({ TableName: sessionTableName });
  await Promise.all(Items.map(({ key }) => cloud.client.updateItem({
    TableName: sessionTableName,
    Key: { key },
    UpdateExpression: 'SET #ttl = :past',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':past': { N: `${Math.floor(Date.now() / 1000) - 1}` } },
  })));
}
