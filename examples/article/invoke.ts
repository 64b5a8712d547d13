import { readFileSync } from 'node:fs';
import { handler } from './handler';
import { initSessionStore } from 'cdk-session-table/lambda-runtime';

const STORE = 'local_store.json';

/** Invokes the article's handler on a local store, as its invoke.py does. */
async function invoke(args: readonly string[]): Promise<void> {
  if (args.length !== 1 && args.length !== 2) {
    throw new Error('usage: npm run invoke -- [session-id] message');
  }
  const [message, sessionId] = [...args].reverse();

  initSessionStore({ filePath: STORE });
  const response = await handler({
    headers: sessionId === undefined ? {} : { 'session-id': sessionId },
    body: JSON.stringify({ message }),
  });
  console.log('response:', response);
  console.log(`${STORE}:`, sessionData(STORE));
}

/** What each session holds: the store's file without what it keeps beside the data. */
function sessionData(store: string): Record<string, unknown> {
  const sessions: Record<string, { value?: unknown }> = JSON.parse(readFileSync(store, 'utf8'));
  return Object.fromEntries(Object.entries(sessions).map(([id, { value = null }]) => [id, value]));
}

invoke(process.argv.slice(2)).catch((error: Error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
});
