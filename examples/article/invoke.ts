import { readFileSync } from 'node:fs';
import { handler, updatingHandler } from './handler';
import { initSessionStore } from 'cdk-session-table/lambda-runtime';

const STORE = 'local_store.json';
const USAGE = `usage: npm run invoke -- [--article] [session-id] message

Without a session id you get a new session; send its id with the next message.
--article  the article's first handler, which keeps the first message that a session is given (update: false)`;

/** Invokes a handler of the article on a local store, as its invoke.py does. */
async function invoke(args: readonly string[]): Promise<void> {
  const keepsFirst = args.includes('--article');
  const [message, sessionId, ...others] = args.filter((arg) => arg !== '--article').reverse();
  if (message === undefined || message.startsWith('--') || others.length > 0) {
    throw new Error(USAGE);
  }

  initSessionStore({ filePath: STORE });
  const response = await (keepsFirst ? handler : updatingHandler)({
    headers: sessionId === undefined ? {} : { 'session-id': sessionId },
    body: JSON.stringify({ message }),
  });
  console.log('response:', response);
  console.log(`${STORE}:`, sessionData(STORE));
  console.log(hint(sessionId ?? idIn(response), sessionId !== undefined, keepsFirst));
}

function hint(sessionId: string, isKnown: boolean, keepsFirst: boolean): string {
  if (!isKnown) {
    return `The session is new and empty. Give it a message: npm run invoke -- ${keepsFirst ? '--article ' : ''}${sessionId} hello`;
  }
  return keepsFirst
    ? 'This handler has update: false: the first message of a session stays, whatever comes later. Without --article, the newest one stays.'
    : 'This handler has update: true: the session holds the newest message. `previous` is the one before.';
}

/** session() adds the header to the handler's response. */
function idIn(response: object): string {
  return (response as { headers: Record<string, string> }).headers['session-id'];
}

/** What each session holds: the store's file without what it keeps beside the data. */
function sessionData(store: string): Record<string, unknown> {
  const sessions: Record<string, { value?: unknown }> = JSON.parse(readFileSync(store, 'utf8'));
  return Object.fromEntries(Object.entries(sessions).map(([id, { value = null }]) => [id, value]));
}

invoke(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message.startsWith('usage:') ? error.message : `${error.name}: ${error.message}`);
  process.exitCode = 1;
});
