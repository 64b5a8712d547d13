import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Takes a picture of what is on display, if the environment variable `SCREENSHOTS` names a directory for it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (directory) await page.screenshot({ path: join(directory, `${name}.png`) });
}
