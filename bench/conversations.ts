import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { buildSync } from 'esbuild';
import { type Capacity, readUnits, writeUnits } from './capacity';
import type { CountingProxy } from './counting-proxy';
import type { Item } from '../lambda-runtime/src/dynamodb/values/attribute-value.js';
import { itemSize } from '../lambda-runtime/src/dynamodb/values/item-size.js';
import { FaultProxy } from '../test/fixtures/fault-proxy';
import { randomFaults } from '../test/fixtures/random-faults';
import { createCollectionsTable, createSessionTable, LOCAL_CLIENT } from '../test/fixtures/session-table';

const REPOSITORY = join(__dirname, '..');

/** A chat history, as a client at one endpoint sees it. */
export interface History {
  append(text: string): Promise<unknown>;
  /** How many messages were read. */
  last(count: number): Promise<number>;
  all(): Promise<string[]>;
}

/** A way to keep a chat history. */
export interface HistoryKind {
  readonly name: string;
  /** Makes a history that holds so many messages already; it may then be reached through another endpoint. Only one is in use at a time. */
  create(endpoint: string, directory: string, messages: readonly string[]): Promise<(endpoint: string) => History>;
}

/** What appending, or reading, took of the database. */
export interface HistoryCosts extends Capacity {
  readonly calls: number;
  readonly bytes: number;
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

/** Runs an invocation of a handler whose client speaks to this endpoint. */
async function invoke<T>(endpoint: string, options: object, work: () => Promise<T>): Promise<T> {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  let result!: T;
  await loaded.runtime.session(async () => { result = await work(); }, { ttl: 900, ...options })(event);
  return result;
}

export const HISTORIES: readonly HistoryKind[] = [
  {
    name: 'conversation()',
    async create(endpoint, directory, messages) {
      const { runtime } = library(directory);
      const tables = { tableName: await createSessionTable(endpoint), collectionsTableName: await createCollectionsTable(endpoint) };
      const store = new runtime.DynamoDBStore(tables);
      const append = (text: string) => runtime.conversation().append({ from: 'user', text });
      for (let start = 0; start < messages.length; start += 50) {
        await invoke(endpoint, { store }, () => Promise.all(messages.slice(start, start + 50).map(append)));
      }
      return (through) => ({
        append: (text) => invoke(through, { store }, () => append(text)),
        last: (count) => invoke(through, { store }, async () => (await runtime.conversation().recent(count)).length),
        all: () => invoke(through, { store }, async () => (await runtime.conversation().recent(1e6)).map(({ text }: { text: string }) => text)),
      });
    },
  },
  {
    name: 'a list in the session\'s data, by `update(fn)`',
    async create(endpoint, directory, messages) {
      const { runtime } = library(directory);
      const store = new runtime.DynamoDBStore({ tableName: await createSessionTable(endpoint) });
      const options = { store, update: true };
      const list = () => runtime.getSessionData() ?? [];
      const withMessage = (text: string) => (known: readonly object[] | null) => [...known ?? [], { from: 'user', text }];
      if (messages.length > 0) {
        await invoke(endpoint, options, async () => runtime.setSessionData(messages.map((text) => ({ from: 'user', text }))));
      }
      return (through) => ({
        append: (text) => invoke(through, options, () => runtime.currentSession().update(withMessage(text))),
        last: (count) => invoke(through, options, async () => list().slice(-count).length),
        all: () => invoke(through, options, async () => list().map(({ text }: { text: string }) => text)),
      });
    },
  },
  {
    name: 'DynamoDBChatMessageHistory of @langchain/community',
    async create(endpoint, directory, messages) {
      const { DynamoDBChatMessageHistory, HumanMessage } = library(directory);
      const tableName = await createSessionTable(endpoint);
      const through = (at: string) => {
        // Without a time limit the SDK waits forever for an answer that does not come.
        const config = { ...LOCAL_CLIENT, endpoint: at, requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } };
        const history = new DynamoDBChatMessageHistory({ tableName, sessionId: 'visitor', partitionKey: 'key', config });
        return {
          append: (text: string) => history.addMessage(new HumanMessage(text)),
          last: async (count: number) => (await history.getMessages()).slice(-count).length,
          all: async () => (await history.getMessages()).map(({ content }: { content: string }) => content),
          addMany: (texts: readonly string[]) => history.addMessages(texts.map((text) => new HumanMessage(text))),
        };
      };
      for (let start = 0; start < messages.length; start += 100) {
        await through(endpoint).addMany(messages.slice(start, start + 100));
      }
      return through;
    },
  },
];

/** What one step costs, by the requests that pass the proxy. `dynamodb` goes past it. */
export async function costsOf(proxy: CountingProxy, dynamodb: DynamoDB, step: () => Promise<unknown>): Promise<HistoryCosts> {
  proxy.clear();
  await step();
  const requests = [...proxy.requests];
  const consumed = await Promise.all(requests.map(({ target, input, output }) => capacityOf(target.replace(/.*\./, ''), input, output, dynamodb)));
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
  return {
    calls: requests.length,
    bytes: sum(requests.map(({ requestBytes, responseBytes }) => requestBytes + responseBytes)),
    readUnits: sum(consumed.map((capacity) => capacity.readUnits)),
    writeUnits: sum(consumed.map((capacity) => capacity.writeUnits)),
  };
}

/** The CPU time that one step takes in this process, in milliseconds. */
export async function cpuTimeOf(step: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export interface Ordeal {
  /** How many messages are appended at the same time. */
  readonly count: number;
  /** The share of the requests that meets a fault. */
  readonly faultRate: number;
  readonly seed: number;
}

/** How concurrent appends ended. */
export interface ConcurrentAppends {
  readonly appended: number;
  readonly requests: number;
  /** Reported as failed; they may be there or not. */
  readonly reported: number;
  /** Reported as done, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
}

/** Appends messages to an empty history at the same time, while requests meet faults. */
export async function appendConcurrently(kind: HistoryKind, directory: string, dynamodb: string, ordeal: Ordeal): Promise<ConcurrentAppends> {
  const { count, faultRate, seed } = ordeal;
  const history = await kind.create(dynamodb, directory, []);
  const proxy = await FaultProxy.start(dynamodb);
  proxy.choose = randomFaults(faultRate, seed);
  const texts = Array.from({ length: count }, (_, n) => `message ${n}`);
  const { append } = history(proxy.endpoint);
  const outcomes = await Promise.allSettled(texts.map(append));
  const requests = proxy.seen.length;
  await proxy.stop();

  const kept = await history(dynamodb).all();
  const isThere = new Set(kept);
  return {
    appended: count,
    requests,
    reported: outcomes.filter(({ status }) => status === 'rejected').length,
    lost: texts.filter((text, n) => outcomes[n].status === 'fulfilled' && !isThere.has(text)).length,
    doubled: kept.length - isThere.size,
  };
}

/** The most messages that a history holds, up to a limit, and why there cannot be more; each is as long as `message`. */
export async function longestHistory(
  kind: HistoryKind, directory: string, endpoint: string, message: string, limit: number,
): Promise<{ readonly messages: number; readonly then?: string }> {
  let [held, refused] = [0, limit + 1];
  let then: string | undefined;
  while (refused - held > 1) {
    const tried = held === 0 ? limit : Math.floor((held + refused) / 2);
    try {
      const history = await kind.create(endpoint, directory, Array.from({ length: tried - 1 }, () => message));
      await history(endpoint).append(message);
      held = tried;
    } catch (error) {
      refused = tried;
      then = (error as Error).message;
      if (held === 0) held = 1;
    }
  }
  return { messages: held, then };
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
