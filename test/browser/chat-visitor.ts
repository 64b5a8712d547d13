import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const PASSWORDS = { ada: 'analytical', grace: 'nanosecond' } as const;
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Somebody with a browser, with its own cookies, who chats. */
export class ChatVisitor {
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatVisitor> {
    const context = await browser.newContext({ baseURL: url, locale: 'en', ...options });
    context.setDefaultTimeout(30_000);
    return new ChatVisitor(context, await openTab(context));
  }

  private constructor(readonly context: BrowserContext, readonly page: Page) {}

  /** Another tab of the same browser. */
  async secondTab(): Promise<ChatVisitor> {
    return new ChatVisitor(this.context, await openTab(this.context));
  }

  async logIn(user: keyof typeof PASSWORDS, password: string = PASSWORDS[user]): Promise<void> {
    await this.page.getByLabel('Name').fill(user);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
  }

  /** Writes a message and waits until it is answered. */
  async say(text: string): Promise<void> {
    await this.write(text);
    await this.page.getByRole('listitem').filter({ hasText: `You said “${text}”` }).and(this.page.locator(':not(.growing)')).waitFor();
  }

  /** Writes a message. */
  async write(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.page.keyboard.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** The messages on display, without their authors. */
  async messages(): Promise<string[]> {
    await this.page.getByRole('log').waitFor();
    return (await this.page.locator('#messages > li').allInnerTexts()).map((text) => text.replace(/^(You|Assistant):\s*/, ''));
  }

  async openSessions(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sessions' }).click();
    await this.page.getByRole('dialog').waitFor();
  }

  async click(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  /** What axe-core finds on the page: rules with the elements that break them. */
  async accessibilityFindings(): Promise<string[]> {
    const found = await this.page.evaluate(`${AXE}; axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
    return found as string[];
  }
}

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('#login:visible, #chat:visible').waitFor();
  return page;
}
