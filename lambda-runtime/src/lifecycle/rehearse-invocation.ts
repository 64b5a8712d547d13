import { loadSession } from './load.js';
import { saveSession } from './save.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import { Invocation } from '../invocation/invocation.js';
import { readAnswer } from '../invocation/read-answer.js';
import { readId } from '../invocation/read-id.js';
import { runHandler } from '../invocation/scope.js';
import { writeId } from '../invocation/write-id.js';
import type { SessionRow } from '../stores/session-row.js';
import type { SessionStore } from '../stores/store.js';

const EVENT = { version: '2.0', headers: { 'session-id': 'rehearsal' }, requestContext: { http: {} } };

const NOW = 1767225600;

const ROW: SessionRow = {
  key: { S: 'rehearsal' },
  value: { M: { text: { S: 'a' }, number: { N: '1' }, list: { L: [{ BOOL: true }] } } },
  created_at: { N: `${NOW}.123` },
  access_counter: { N: '1' },
  ttl: { N: `${NOW + 60}` },
};

/**
 * Goes through an invocation that changes a session, with nobody's event and options of its own, so that the code of all that
 * has run once.
 *
 * @param storeAnswering makes the store, by what DynamoDB answers to each of its calls
 */
export async function rehearseInvocation(storeAnswering: (json: string) => SessionStore): Promise<void> {
  const store = storeAnswering(JSON.stringify({ Item: ROW }));
  const options = resolveOptions({ update: true, ttl: 900 });
  const invocation = new Invocation(EVENT, { store, options, now: () => NOW + 1, limits: () => ({ timeLimitMs: 1000 }) });

  invocation.candidates = await readId(invocation);
  await loadSession(invocation);
  const result = await runHandler(invocation, async () => {
    (invocation.session.data as { number: number }).number++;
    return { statusCode: 200, headers: {}, body: '' };
  });
  const answer = readAnswer(invocation, result);
  await saveSession(invocation.session, invocation.access);
  await writeId(invocation, answer, result);
}
