import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The pictures that docs/ holds of the chat example, by what is seen in them. */
const PICTURES: Readonly<Record<string, string>> = {
  'chat-desktop-light': 'chat',
  'chat-phone-dark': 'chat-phone',
  'login-phone-light': 'chat-login',
  'sessions-desktop-dark': 'chat-sessions',
};

/** Takes a picture for docs/, if the environment variable `SCREENSHOTS` names a directory for it. */
export async function photograph(page: Page, view: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (directory && view in PICTURES) await page.screenshot({ path: join(directory, `${PICTURES[view]}.png`) });
}
