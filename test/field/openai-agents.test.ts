import type { AgentInputItem, Session, SessionHistoryTransaction, SessionHistoryTransactionAwareSession } from '@openai/agents-core';
import type { AgentSession } from '../../lambda-runtime/src/adapters/openai-agents.js';
import { useBundles } from '../fixtures/bundled.js';
import { bareEvent } from '../fixtures/events.js';
import { testWhere } from '../fixtures/every-store.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

jest.setTimeout(120_000);

const local = useLocalDynamoDB();
const bundles = useBundles();
let sdk: typeof import('@openai/agents-core');
let runtime: typeof import('../../lambda-runtime/src/index.js') & typeof import('../../lambda-runtime/src/adapters/openai-agents.js');

beforeAll(() => {
  const loaded = bundles.load(`
    export * as sdk from './test/field/node_modules/@openai/agents-core/dist/index.mjs';
    export * as runtime from 'cdk-session-table/lambda-runtime';
    export { agentSession } from 'cdk-session-table/lambda-runtime/openai-agents';
  `);
  sdk = loaded.sdk;
  runtime = { ...loaded.runtime, agentSession: loaded.agentSession };
  sdk.setTracingDisabled(true);
});

// In jest, what structuredClone returns has other prototypes, and the SDK's session in memory takes it for different.
const { structuredClone } = globalThis;
beforeAll(() => { globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value)); });
afterAll(() => { globalThis.structuredClone = structuredClone; });

const user = (content: string): AgentInputItem => ({ type: 'message', role: 'user', content });
const assistant = (text: string): AgentInputItem =>
  ({ type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text }] });

/** Answers with how much of the history it was given; asks for a tool first where the user does. */
class CountingModel {
  readonly inputs: unknown[] = [];

  async getResponse({ input }: { input: AgentInputItem[] }) {
    this.inputs.push(structuredClone(input));
    const latest = input.at(-1) as { type: string; content?: string };
    const output = latest.type === 'message' && latest.content === 'use the tool'
      ? [{ type: 'function_call', callId: 'call-1', name: 'weather', arguments: '{"city":"Bern"}', status: 'completed' }]
      : [assistant(`answer to ${input.length} items`)];
    return { usage: new sdk.Usage(), output, responseId: undefined };
  }

  getStreamedResponse(): never {
    throw new Error('not used here');
  }
}

/** Runs something with the history of one session, as a handler does. */
function visitor(store: unknown, id = 'visitor') {
  return async <T>(use: (history: AgentSession) => Promise<T>): Promise<T> => {
    let result!: T;
    await runtime.session(async () => { result = await use(runtime.agentSession()); }, { store: store as never })(bareEvent({ 'session-id': id }));
    return result;
  };
}

describe.each(['memory', 'DynamoDB'])('an agent with its history in a conversation: %s', (kind) => {
  const testExactly = testWhere(kind === 'memory' || local.kind === 'DynamoDB Local', 'dynalite has no transactions');
  let visit: ReturnType<typeof visitor>;
  beforeEach(async () => {
    visit = visitor(kind === 'memory'
      ? new runtime.MemoryStore()
      : new runtime.DynamoDBStore({ tableName: await local.createTable(), collectionsTableName: await local.createCollectionsTable() }));
  });
  const items = () => visit((history) => history.getItems());

  test('fits the types of the SDK', () => {
    const history = {} as AgentSession<AgentInputItem>;
    const fits: SessionHistoryTransactionAwareSession & Session = history;
    expect(fits).toBeDefined();
  });

  testExactly('an agent remembers over invocations what was said, and what its tool has returned', async () => {
    const model = new CountingModel();
    const weather = sdk.tool({
      name: 'weather',
      description: 'The weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } as never,
      strict: true,
      execute: async () => 'sunny',
    });
    const agent = new sdk.Agent({ name: 'Test', instructions: 'Answer.', model: model as never, tools: [weather] });

    const answers: unknown[] = [];
    for (const input of ['hello', 'use the tool', 'again']) {
      answers.push(await visit(async (history) => (await sdk.run(agent, input, { session: history as never })).finalOutput));
    }

    expect(answers).toEqual(['answer to 1 items', 'answer to 5 items', 'answer to 7 items']);
    expect((await items()).map(({ type, role }: any) => role ?? type)).toEqual([
      'user', 'assistant', 'user', 'function_call', 'function_call_result', 'assistant', 'user', 'assistant',
    ]);
    expect((await items())[4]).toMatchObject({ callId: 'call-1', output: { type: 'text', text: 'sunny' } });
  });

  test('has an id that stays the same, and is not the session id', async () => {
    const [first, second] = [await visit((history) => history.getSessionId()), await visit((history) => history.getSessionId())];

    expect(second).toBe(first);
    expect(first).not.toContain('visitor');
    expect(first.length).toBeGreaterThan(10);
  });

  testExactly('adds, returns, pops and clears items as the SDK\'s own session in memory does', async () => {
    const script = async (history: Pick<AgentSession, 'addItems' | 'getItems' | 'popItem' | 'clearSession'>) => {
      const seen: unknown[] = [await history.getItems(), await history.popItem()];
      await history.addItems([]);
      await history.addItems([user('1'), assistant('2')]);
      await history.addItems([user('3')]);
      for (const limit of [undefined, 2, 0, -1, 9]) seen.push(await history.getItems(limit));
      seen.push(await history.popItem(), await history.popItem(), await history.getItems());
      await history.clearSession();
      seen.push(await history.getItems());
      return seen;
    };

    expect(await visit(script)).toEqual(await script(new sdk.MemorySession() as never));
  });

  test('adds items that exceed 400 KB together', async () => {
    const large = Array.from({ length: 5 }, (_, index) => user(`${index}`.repeat(150_000)));
    await visit((history) => history.addItems(large));

    expect(await items()).toEqual(large);
    await expect(visit((history) => history.addItems([user('x'.repeat(500_000))]))).rejects.toMatchObject({ name: 'SessionDataTooLargeError' });
  });

  describe('applyHistoryTransaction', () => {
    const apply = (operationId: string, transaction: SessionHistoryTransaction) =>
      visit((history) => history.applyHistoryTransaction({ operationId, transaction }));

    /** What a session makes of a transaction: the items, or whether it is refused. */
    const outcome = async (history: AgentSession, steps: readonly [string, SessionHistoryTransaction][]) => {
      const outcomes: unknown[] = [];
      await history.addItems([user('1'), assistant('2')]);
      await history.addItems([user('3')]);
      for (const [operationId, transaction] of steps) {
        outcomes.push(await history.applyHistoryTransaction({ operationId, transaction }).then(() => 'applied', () => 'refused'));
        outcomes.push(await history.getItems());
      }
      return outcomes;
    };
    const append = (...texts: string[]): SessionHistoryTransaction => ({ type: 'append_items', items: texts.map(user) });
    const replace = (expectedSuffix: AgentInputItem[], ...texts: string[]): SessionHistoryTransaction =>
      ({ type: 'replace_suffix', expectedSuffix, replacement: texts.map(user) });

    testExactly('repeating an operation id with the same transaction succeeds without applying it again', async () => {
      await apply('op', append('4', '5'));
      await apply('op', append('4', '5'));
      await apply('op-2', replace([user('5')], '6'));
      await apply('op-2', replace([user('5')], '6'));

      expect(await items()).toEqual([user('4'), user('6')]);
    });

    testExactly('reusing an operation id with a different transaction fails without changing history', async () => {
      await apply('op', append('4'));

      await expect(apply('op', append('5'))).rejects.toThrow('this operation id was used for another change');
      await expect(apply('op', replace([], '4'))).rejects.toThrow('nothing was changed');
      expect(await items()).toEqual([user('4')]);
    });

    testExactly('replacing a suffix that does not match fails without changing history or recording the operation id', async () => {
      await apply('op', append('4'));

      await expect(apply('op-2', replace([user('5')], '6'))).rejects.toThrow('nothing was changed');
      await apply('op-2', append('7'));
      expect(await items()).toEqual([user('4'), user('7')]);
    });

    testExactly('an item that cannot be stored fails without changing history or recording the operation id', async () => {
      await expect(apply('op', { type: 'append_items', items: [user('1'), { ...user('2'), providerData: { f: () => 1 } } as never] }))
        .rejects.toMatchObject({ name: 'SessionDataError' });
      await apply('op', append('3'));

      expect(await items()).toEqual([user('3')]);
    });

    testExactly('the operation id and the change are stored together, also when many send the same at the same time', async () => {
      await Promise.all(Array.from({ length: 8 }, () => apply('op', append('4'))));

      expect(await items()).toEqual([user('4')]);
    });

    testExactly('clearing forgets operation ids', async () => {
      await apply('op', append('4'));
      await visit((history) => history.clearSession());
      await apply('op', append('5'));

      expect(await items()).toEqual([user('5')]);
    });

    testExactly('does to every transaction what the SDK\'s own session in memory does', async () => {
      const steps: [string, SessionHistoryTransaction][] = [
        ['a', append('4')],
        ['a', append('4')],
        ['a', append('5')],
        ['b', replace([user('4')], '5', '6')],
        ['b', replace([user('4')], '5', '6')],
        ['c', replace([user('4')], '7')],
        ['d', replace([assistant('2'), user('3'), user('5'), user('6')], '7')],
        ['e', replace([], '8')],
        ['f', append()],
        ['g', replace([user('0'), user('1'), user('7'), user('8')], '9')],
        ['h', replace([user('1'), user('7'), user('8')])],
        ['i', replace([user('1')], '2')],
        [' ', append('9')],
        ['j', { type: 'unknown' } as never],
        ['k', append('9')],
      ];

      expect(await visit((history) => outcome(history, steps))).toEqual(await outcome(new sdk.MemorySession() as never, steps));
    });
  });
});
