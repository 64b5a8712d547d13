import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { buildSync } from 'esbuild';
import { type Capacity, readUnits, writeUnits } from './capacity';
import type { CountingProxy } from './counting-proxy';
import type { Item } from '../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { itemSize } from '../lambda-runtime/src/dynamodb/values/item-size.js';
import { createCollectionsTable, createSessionTable, LOCAL_CLIENT } from '../test/fixtures/session-table';

const REPOSITORY = join(__dirname, '..');

/** A way to keep a chat history, with so many messages in it. */
export interface History {
  append(text: string): Promise<unknown>;
  last(count: number): Promise<number>;
}

export interface HistoryKind {
  readonly name: string;
  /** A history that holds so many messages already. */
  open(proxy: CountingProxy, directory: string, messages: readonly string[]): Promise<History>;
}

/** What appending, or reading, took. */
export interface HistoryCosts extends Capacity {
  readonly calls: number;
  readonly bytes: number;
  readonly cpuMs: number;
}

let loaded: any;
function library(directory: string): any {
  if (loaded === undefined) {
    const outfile = join(directory, 'histories.js');
    const contents = `
      export * as runtime from './lambda-runtime/src/index.js';
      export { DynamoDBChatMessageHistory } from './test/field/node_modules/@langchain/community/dist/stores/message/dynamodb.js';
      export { HumanMessage } from './test/field/node_modules/@langchain/core/dist/messages/index.js';`;
    buildSync({ stdin: { contents, resolveDir: REPOSITORY }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile, logLevel: 'error' });
    loaded = createRequire(__filename)(outfile);
  }
  return loaded;
}

const event = { headers: { 'session-id': 'visitor' }, version: '2.0', requestContext: { http: {} } };

export const HISTORIES: readonly HistoryKind[] = [
  {
    name: 'conversation()',
    async open(proxy, directory, messages) {
      const { runtime } = library(directory);
      const tables = { tableName: await createSessionTable(proxy.endpoint), collectionsTableName: await createCollectionsTable(proxy.endpoint) };
      const store = new runtime.DynamoDBStore(tables);
      const within = (work: (history: any) => Promise<unknown>) => runtime.session(() => work(runtime.conversation()), { store, ttl: 900 })(event);
      await within(async (history) => {
        for (let start = 0; start < messages.length; start += 50) {
          await Promise.all(messages.slice(start, start + 50).map((text) => history.append({ from: 'user', text })));
        }
      });
      return { append: (text) => within((history) => history.append({ from: 'user', text })), last: async (count) => lengthOf(within, count) };
    },
  },
  {
    name: 'a list in the session\'s data',
    async open(proxy, directory, messages) {
      const { runtime } = library(directory);
      const store = new runtime.DynamoDBStore({ tableName: await createSessionTable(proxy.endpoint) });
      const within = (work: () => unknown) => runtime.session(work, { store, update: true, ttl: 900 })(event);
      await within(() => runtime.setSessionData({ messages: messages.map((text) => ({ from: 'user', text })) }));
      return {
        append: (text) => within(() => { runtime.getSessionData().messages.push({ from: 'user', text }); }),
        last: async (count) => {
          let length = 0;
          await within(() => { length = runtime.getSessionData().messages.slice(-count).length; });
          return length;
        },
      };
    },
  },
  {
    name: 'DynamoDBChatMessageHistory of @langchain/community',
    async open(proxy, directory, messages) {
      const { DynamoDBChatMessageHistory, HumanMessage } = library(directory);
      const tableName = await createSessionTable(proxy.endpoint);
      const history = new DynamoDBChatMessageHistory({
        tableName, sessionId: 'visitor', partitionKey: 'key', config: { ...LOCAL_CLIENT, endpoint: proxy.endpoint },
      });
      for (let start = 0; start < messages.length; start += 100) {
        await history.addMessages(messages.slice(start, start + 100).map((text) => new HumanMessage(text)));
      }
      return {
        append: (text) => history.addMessage(new HumanMessage(text)),
        last: async (count) => (await history.getMessages()).slice(-count).length,
      };
    },
  },
];

async function lengthOf(within: (work: (history: any) => Promise<unknown>) => Promise<unknown>, count: number): Promise<number> {
  let length = 0;
  await within(async (history) => { length = (await history.recent(count)).length; });
  return length;
}

/** What one step costs, by the requests that pass the proxy. `dynamodb` goes past it. */
export async function costsOf(proxy: CountingProxy, dynamodb: DynamoDB, step: () => Promise<unknown>): Promise<HistoryCosts> {
  proxy.clear();
  const before = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(before);
  const consumed = await Promise.all(proxy.requests.map(({ target, input, output }) =>
    capacityOf(target.replace(/.*\./, ''), input, output, dynamodb)));
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
  return {
    calls: proxy.requests.length,
    bytes: sum(proxy.requests.map(({ requestBytes, responseBytes }) => requestBytes + responseBytes)),
    cpuMs: (user + system) / 1000,
    readUnits: sum(consumed.map((capacity) => capacity.readUnits)),
    writeUnits: sum(consumed.map((capacity) => capacity.writeUnits)),
  };
}

async function capacityOf(operation: string, input: any, output: any, dynamodb: DynamoDB): Promise<Capacity> {
  switch (operation) {
    case 'GetItem':
      return { readUnits: readUnits(itemSize(output.Item ?? {}), input.ConsistentRead === true), writeUnits: 0 };
    case 'Query': {
      const bytes = (output.Items ?? []).reduce((total: number, item: Item) => total + itemSize(item), 0);
      return { readUnits: readUnits(bytes, input.ConsistentRead === true), writeUnits: 0 };
    }
    case 'PutItem':
      return { readUnits: 0, writeUnits: writeUnits(0, itemSize(input.Item)) };
    case 'UpdateItem': { // of an item that only grows
      const { Item: item } = await dynamodb.getItem({ TableName: input.TableName, Key: input.Key, ConsistentRead: true });
      return { readUnits: 0, writeUnits: writeUnits(0, itemSize(item as Item)) };
    }
    default:
      throw new Error(`no rule for what ${operation} consumes`);
  }
}
