import type { DynamoDBChatMessageHistory } from '@langchain/community/stores/message/dynamodb';
import { useBundles } from '../fixtures/bundled.js';
import { bareEvent } from '../fixtures/events.js';
import { testWhere } from '../fixtures/every-store.js';
import { LOCAL_CLIENT } from '../fixtures/session-table.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

jest.setTimeout(120_000);

const local = useLocalDynamoDB();
const bundles = useBundles();
let langchain: any;
let runtime: typeof import('../../lambda-runtime/src/index.js') & typeof import('../../lambda-runtime/src/adapters/langchain.js');

beforeAll(() => {
  const loaded = bundles.load(`
    export * as messages from './test/field/node_modules/@langchain/core/dist/messages/index.js';
    export * as history from './test/field/node_modules/@langchain/core/dist/chat_history.js';
    export * as runnables from './test/field/node_modules/@langchain/core/dist/runnables/index.js';
    export * as prompts from './test/field/node_modules/@langchain/core/dist/prompts/index.js';
    export { DynamoDBChatMessageHistory } from './test/field/node_modules/@langchain/community/dist/stores/message/dynamodb.js';
    export * as runtime from 'cdk-session-table/lambda-runtime';
    export { chatHistories } from 'cdk-session-table/lambda-runtime/langchain';
  `);
  const { messages, history, runnables, prompts, DynamoDBChatMessageHistory: Theirs } = loaded;
  langchain = { ...messages, ...history, ...runnables, ...prompts, DynamoDBChatMessageHistory: Theirs };
  runtime = { ...loaded.runtime, chatHistories: loaded.chatHistories };
});

describe.each(['memory', 'DynamoDB'])('a chat history of LangChain.js in a conversation: %s', (kind) => {
  let store: any;
  beforeEach(async () => {
    store = kind === 'memory'
      ? new runtime.MemoryStore()
      : new runtime.DynamoDBStore({ tableName: await local.createTable(), collectionsTableName: await local.createCollectionsTable() });
  });

  async function visit<T>(use: (history: any) => Promise<T>): Promise<T> {
    const chatHistory = runtime.chatHistories<any, any>(langchain);
    let result!: T;
    await runtime.session(async () => { result = await use(chatHistory()); }, { store })(bareEvent({ 'session-id': 'visitor' }));
    return result;
  }

  test('is a BaseListChatMessageHistory, and each message is a message again', async () => {
    await visit(async (history) => {
      expect(history).toBeInstanceOf(langchain.BaseListChatMessageHistory);
      await history.addUserMessage('hello');
      await history.addAIMessage('hi');
    });

    const messages = await visit((history) => history.getMessages());
    expect((messages as any[]).map((message) => [message.getType(), message.content])).toEqual([['human', 'hello'], ['ai', 'hi']]);
    expect((messages as any[])[0]).toBeInstanceOf(langchain.HumanMessage);
  });

  test('keeps ids, tool calls, content parts and metadata', async () => {
    const { AIMessage, HumanMessage, SystemMessage, ToolMessage } = langchain;
    const said = [
      new SystemMessage('be kind'),
      new HumanMessage({ id: 'm-1', name: 'Ada', content: [{ type: 'text', text: 'what is this?' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] }),
      new AIMessage({
        id: 'm-2',
        content: '',
        tool_calls: [{ id: 'call-1', name: 'look', args: { at: { x: 1.5, y: null } }, type: 'tool_call' }],
        usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
        response_metadata: { model: 'fake' },
        additional_kwargs: { a: [1] },
      }),
      new ToolMessage({ id: 'm-3', content: 'a cat', tool_call_id: 'call-1', status: 'success' }),
    ];
    await visit((history) => history.addMessages(said));

    const found = await visit<any[]>((history) => history.getMessages());
    const plain = (messages: any[]) => JSON.parse(JSON.stringify(messages.map((message) => message.toDict())));
    expect(plain(found)).toEqual(plain(said));
    expect(found[2].tool_calls).toEqual(said[2].tool_calls);
  });

  test('returns the newest messages, and none after it was cleared', async () => {
    await visit(async (history) => { for (const text of ['1', '2', '3']) await history.addUserMessage(text); });

    expect((await visit<any[]>((history) => history.getMessages(2))).map(({ content }) => content)).toEqual(['2', '3']);
    await visit((history) => history.clear());
    expect(await visit((history) => history.getMessages())).toEqual([]);
  });

  test('remembers for a chain what was said in earlier invocations', async () => {
    const { ChatPromptTemplate, MessagesPlaceholder, RunnableLambda, RunnableWithMessageHistory, AIMessage } = langchain;
    const model = new RunnableLambda({ func: async (prompt: any) => new AIMessage(`${prompt.messages.length} messages`) });
    const prompt = ChatPromptTemplate.fromMessages([['system', 'answer'], new MessagesPlaceholder('history'), ['human', '{input}']]);

    const answers = [];
    for (const input of ['one', 'two', 'three']) {
      answers.push(await visit(async (history) => {
        const chain = new RunnableWithMessageHistory({
          runnable: prompt.pipe(model), getMessageHistory: () => history, inputMessagesKey: 'input', historyMessagesKey: 'history',
        });
        return ((await chain.invoke({ input }, { configurable: { sessionId: 'any' } })) as any).content;
      }));
    }
    expect(answers).toEqual(['2 messages', '4 messages', '6 messages']);
  });
});

testWhere(local.kind === 'DynamoDB Local', 'dynalite does not know its key')('what the DynamoDB history of @langchain/community loses: tool calls and ids', async () => {
  const tableName = await local.createTable();
  const theirs: DynamoDBChatMessageHistory = new langchain.DynamoDBChatMessageHistory({
    tableName, sessionId: 'visitor', partitionKey: 'key', config: { ...LOCAL_CLIENT, endpoint: local.endpoint },
  });
  await theirs.addMessage(new langchain.AIMessage({ id: 'm', content: 'x', tool_calls: [{ id: 'call-1', name: 'look', args: {} }] }));

  const [found] = await theirs.getMessages() as any[];
  expect([found.content, found.id, found.tool_calls]).toEqual(['x', undefined, []]);
});
