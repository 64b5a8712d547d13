import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { startLocalDynamoDB } from '../../test/fixtures/local-dynamodb';
import { LOCAL_CLIENT } from '../../test/fixtures/session-table';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import { costsOf, type History, HISTORIES, type HistoryCosts } from '../conversations';
import { CountingProxy } from '../counting-proxy';
import { format, markdownTable, median, type SectionResult } from '../figures';
import { scaled } from '../rounds';

/** So many messages are in the history when the next one is appended. */
const LENGTHS = [1, 100, 1000, 10_000];
const MESSAGE = 'x'.repeat(850);
const READ = 20;
const ROUNDS = scaled(9);

/** What one more message costs, and reading the last ones, by how many there are: in a conversation and in lists in an item. */
export async function conversations(): Promise<SectionResult> {
  const local = await startLocalDynamoDB();
  const proxy = await CountingProxy.start(local.endpoint);
  const dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
  });
  const rows: (string | number)[][] = [];
  const figures: Record<string, unknown> = {};
  try {
    for (const kind of HISTORIES) {
      for (const length of LENGTHS) {
        const earlier = Array.from({ length: length - 1 }, () => MESSAGE);
        const measured = await measureHistory(() => kind.open(proxy, temporaryDirectory(), earlier), proxy, dynamodb);
        figures[`${kind.name}, message ${length}`] = measured;
        rows.push([kind.name, format(length), ...cells(measured)]);
        if (measured.gaveUp !== undefined) break;
      }
    }
  } finally {
    dynamodb.destroy();
    await proxy.stop();
    await local.stop();
  }
  return { markdown: `${INTRODUCTION}\n\n${markdownTable(HEAD, rows)}`, figures };
}

interface Measured {
  readonly append?: HistoryCosts;
  readonly read?: HistoryCosts;
  /** Why there is no longer history. */
  readonly gaveUp?: string;
}

async function measureHistory(open: () => Promise<History>, proxy: CountingProxy, dynamodb: DynamoDB): Promise<Measured> {
  try {
    const history = await open();
    const appends: HistoryCosts[] = [];
    const reads: HistoryCosts[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      appends.push(await costsOf(proxy, dynamodb, () => history.append(MESSAGE)));
      reads.push(await costsOf(proxy, dynamodb, () => history.last(READ)));
    }
    return { append: medians(appends), read: medians(reads) };
  } catch (error) {
    return { gaveUp: (error as Error).message.slice(0, 80) };
  }
}

function medians(costs: readonly HistoryCosts[]): HistoryCosts {
  const of = (figure: keyof HistoryCosts) => median(costs.map((cost) => cost[figure]));
  return { calls: of('calls'), bytes: of('bytes'), cpuMs: of('cpuMs'), readUnits: of('readUnits'), writeUnits: of('writeUnits') };
}

function cells({ append, read }: Measured): (string | number)[] {
  if (append === undefined || read === undefined) {
    return ['over 400 KB', ...Array.from({ length: HEAD.length - 3 }, () => '–')];
  }
  return [
    format(append.calls), String(append.readUnits), String(append.writeUnits), format(append.bytes), format(append.cpuMs),
    format(read.calls), String(read.readUnits), format(read.bytes), format(read.cpuMs),
  ];
}

const HEAD = [
  '', 'message', 'append: calls', 'read units', 'write units', 'bytes', 'CPU, ms',
  `last ${READ}: calls`, 'read units', 'bytes', 'CPU, ms',
];

const INTRODUCTION = [
  `Messages of ${MESSAGE.length} characters. Medians of ${ROUNDS}, on DynamoDB Local: what it takes to append the 1st, 100th, 1,000th and 10,000th message and those after it,`,
  `and to read the last ${READ} then. For the first two kinds, each is one invocation that also loads its session: one call and, for`,
  'a small session, one read unit of that. Units follow from the sizes of the items. The list of `@langchain/community` is read',
  'without `ConsistentRead`, which halves the units, and keeps no ids and no tool calls.',
].join('\n');
