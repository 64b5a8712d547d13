import { call } from './call';
import type { Journal } from './journal';
import type { LocalCloud } from './local-cloud';

/** What a handler that counts finds as session data: one client calls four times, then another one once. */
export async function replayCounters(cloud: LocalCloud, journal: Journal): Promise<void> {
  await replayCounter('Counter', 'update: false keeps what was set first', 'null 1 1 1 / null');
  await replayCounter('CounterUpdate', 'update: true keeps what was set last', 'null 1 2 3 / null');

  async function replayCounter(functionId: string, title: string, expected: string): Promise<void> {
    journal.beginStep(title);
    const counter = await cloud.startFunction(cloud.configurationOf(functionId));

    const found: string[][] = [];
    for (const calls of [4, 1]) {
      const foundByClient: string[] = [];
      let sessionId: string | undefined;
      for (let i = 0; i < calls; i++) {
        const answer = await call(counter, 'count', sessionId);
        sessionId = answer.sessionId;
        foundByClient.push(JSON.stringify(answer.body));
      }
      found.push(foundByClient);
    }
    const actual = found.map((byClient) => byClient.join(' ')).join(' / ');
    journal.verdict(actual === expected, `one client calls 4 times, another once; the handler finds ${actual}`);
    if (actual !== expected) journal.note(`expected ${expected}`);
  }
}
