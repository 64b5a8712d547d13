import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { run } from '../../test/e2e/run';
import { startLocalDynamoDB } from '../../test/fixtures/local-dynamodb';
import { LOCAL_CLIENT } from '../../test/fixtures/session-table';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import { appendConcurrently, type ConcurrentAppends, costsOf, cpuTimeOf, type History, HISTORIES, type HistoryCosts, type HistoryKind, longestHistory } from '../conversations';
import { CountingProxy } from '../counting-proxy';
import { format, formatSpread, markdownTable, median, type SectionResult, summarise, type Summary } from '../figures';
import { scaled } from '../rounds';

/** Which message is appended: so many are there then, itself included. */
const LENGTHS = [1, 100, 1000, 10_000];
const LONGEST = 10_000;
const MESSAGE = 'x'.repeat(850);
const READ = 20;
const ROUNDS = scaled(25);
/** As many as a list in an item holds. */
const WARM_UP = scaled(400);

const AT_ONCE = 100;
const FAULT_RATES = [0, 0.2];
const SEEDS = Array.from({ length: scaled(10) }, (_, index) => index + 1);

const FIELD = join(__dirname, '..', '..', 'test', 'field');

/** What one more message costs, and reading the last ones, by how many there are: in a conversation and in lists in an item. */
export async function conversations(): Promise<SectionResult> {
  if (!existsSync(join(FIELD, 'node_modules', '@langchain'))) await run('npm', ['ci', '--prefix', FIELD]);
  const local = await startLocalDynamoDB();
  const proxy = await CountingProxy.start(local.endpoint);
  const dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
  Object.assign(process.env, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  const bench = { proxy, dynamodb, endpoint: local.endpoint, directory: temporaryDirectory() };
  try {
    const [costs, limits, concurrent] = [await measureCosts(bench), await measureLimits(bench), await measureConcurrent(bench)];
    const parts = [INTRODUCTION, costs.markdown, HOW_LONG, limits.markdown, CONCURRENT, concurrent.markdown];
    return { markdown: parts.join('\n\n'), figures: { costs: costs.figures, limits: limits.figures, concurrent: concurrent.figures } };
  } finally {
    dynamodb.destroy();
    await proxy.stop();
    await local.stop();
  }
}

interface Bench {
  readonly proxy: CountingProxy;
  /** Past the proxy. */
  readonly dynamodb: DynamoDB;
  readonly endpoint: string;
  readonly directory: string;
}

async function measureCosts(bench: Bench): Promise<SectionResult> {
  const rows: (string | number)[][] = [];
  const figures: Record<string, unknown> = {};
  for (const kind of HISTORIES) {
    await warmUp(kind, bench);
    for (const length of LENGTHS) {
      const measured = await measureHistory(kind, length, bench).catch(() => undefined);
      figures[`${kind.name}, message ${length}`] = measured;
      rows.push([kind.name, length.toLocaleString('en-US'), ...cells(measured)]);
      if (measured === undefined) break;
    }
  }
  return { markdown: markdownTable(HEAD, rows), figures };
}

interface Measured {
  readonly append: HistoryCosts;
  readonly appendCpuMs: Summary;
  readonly read: HistoryCosts;
  readonly readCpuMs: Summary;
}

/** The first message is measured in rounds with a new history each, later ones with those that follow them. */
async function measureHistory(kind: HistoryKind, length: number, { proxy, dynamodb, endpoint, directory }: Bench): Promise<Measured> {
  const earlier = Array.from({ length: length - 1 }, () => MESSAGE);
  let history: ((endpoint: string) => History) | undefined;
  const appends: HistoryCosts[] = [];
  const reads: HistoryCosts[] = [];
  const cpuTimes = { append: [] as number[], read: [] as number[] };
  for (let round = 0; round < COUNTED_ROUNDS; round++) {
    if (history === undefined || length === 1) history = await kind.create(endpoint, directory, earlier);
    const { append, last } = history(proxy.endpoint);
    appends.push(await costsOf(proxy, dynamodb, () => append(MESSAGE)));
    reads.push(await costsOf(proxy, dynamodb, () => last(READ)));
  }
  for (let round = 0; round < ROUNDS; round++) {
    if (length === 1) history = await kind.create(endpoint, directory, earlier);
    const { append, last } = history!(endpoint); // without the proxy, which takes CPU time of this process
    cpuTimes.append.push(await cpuTimeOf(() => append(MESSAGE)));
    cpuTimes.read.push(await cpuTimeOf(() => last(READ)));
  }
  return { append: medians(appends), appendCpuMs: summarise(cpuTimes.append), read: medians(reads), readCpuMs: summarise(cpuTimes.read) };
}

/** Calls, bytes and units are always the same, or grow by a message each. */
const COUNTED_ROUNDS = 3;

async function warmUp(kind: HistoryKind, { endpoint, directory }: Bench): Promise<void> {
  const { append, last } = (await kind.create(endpoint, directory, []))(endpoint);
  for (let round = 0; round < WARM_UP; round++) {
    await append(MESSAGE);
    await last(READ);
  }
}

function medians(costs: readonly HistoryCosts[]): HistoryCosts {
  const of = (figure: keyof HistoryCosts) => median(costs.map((cost) => cost[figure]));
  return { calls: of('calls'), bytes: of('bytes'), readUnits: of('readUnits'), writeUnits: of('writeUnits') };
}

function cells(measured: Measured | undefined): (string | number)[] {
  if (measured === undefined) return ['over 400 KB', ...Array.from({ length: HEAD.length - 3 }, () => '–')];
  const { append, appendCpuMs, read, readCpuMs } = measured;
  return [
    append.calls, append.readUnits, append.writeUnits, format(append.bytes), formatSpread(appendCpuMs),
    read.calls, read.readUnits, format(read.bytes), formatSpread(readCpuMs),
  ];
}

async function measureLimits({ endpoint, directory }: Bench): Promise<SectionResult> {
  const figures: Record<string, unknown> = {};
  const rows: (string | number)[][] = [];
  for (const kind of HISTORIES) {
    const { messages, then } = await longestHistory(kind, directory, endpoint, MESSAGE, LONGEST);
    figures[kind.name] = { messages, then };
    const reached = messages.toLocaleString('en-US');
    rows.push([kind.name, then === undefined ? `${reached}, where the test ended` : reached, then ?? '–']);
  }
  return { markdown: markdownTable(['', 'messages', 'the next one fails with'], rows), figures };
}

async function measureConcurrent({ endpoint, directory }: Bench): Promise<SectionResult> {
  const figures: Record<string, unknown> = {};
  const rows: (string | number)[][] = [];
  for (const kind of HISTORIES) {
    for (const rate of FAULT_RATES) {
      const total = { appended: 0, requests: 0, reported: 0, lost: 0, doubled: 0 };
      for (const seed of SEEDS) {
        const appends = await appendConcurrently(kind, directory, endpoint, { count: AT_ONCE, faultRate: rate, seed });
        for (const figure of Object.keys(total) as (keyof ConcurrentAppends)[]) total[figure] += appends[figure];
      }
      figures[`${kind.name}, faults ${rate * 100} %`] = total;
      const { appended, requests, reported, lost, doubled } = total;
      rows.push([kind.name, `${rate * 100} %`, ...[appended, requests, reported, lost, doubled].map((figure) => figure.toLocaleString('en-US'))]);
    }
  }
  return { markdown: markdownTable(['', 'faults', 'appends', 'requests', 'reported as failed', 'lost', 'doubled'], rows), figures };
}

const HEAD = [
  '', 'message', 'append: calls', 'read units', 'write units', 'bytes', 'CPU, ms',
  `last ${READ}: calls`, 'read units', 'bytes', 'CPU, ms',
];

const INTRODUCTION = [
  `Messages of ${MESSAGE.length} characters, on DynamoDB Local: what it takes to append the 1st, 100th, 1,000th and 10,000th message, and to read`,
  `the last ${READ} then. For the first two kinds, each is one invocation that also loads its session: one call and, for a small`,
  'session, one read unit of that; the first message also creates the session. Units follow from the sizes of the items, bytes are those on the wire,',
  `and CPU time is the client's, as medians and quartiles of ${ROUNDS} after ${WARM_UP} that do not count. The list of \`@langchain/community\` is`,
  'read without `ConsistentRead`, which halves the units, and keeps no ids and no tool calls.',
].join('\n');

const HOW_LONG = `How many such messages a history holds; tried up to ${LONGEST.toLocaleString('en-US')}:`;

const CONCURRENT = [
  `${AT_ONCE} appends to one empty history at the same time, ${SEEDS.length} times; without faults, and with throttling, errors of the server, reset connections, lost and cut`,
  'answers, and silence in a fifth of the requests. *Reported as failed*: it may be there or not. *Lost*: reported as done, and not there. *Doubled*: there',
  'more than once. The SDK under `@langchain/community` was given a time limit of one second for each request: without one it waits forever in the silence.',
].join('\n');
