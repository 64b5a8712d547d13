import { type AttributeValue, DynamoDB, paginateScan } from '@aws-sdk/client-dynamodb';
import { formatSpread, markdownTable, ratios, type SectionResult, summarise } from './figures';
import { type GrowthBlock, GrowthChild } from './growth-child';
import { bundleInto, withStoredSession } from './own-handlers';
import { inRounds, scaled } from './rounds';
import { createSessionTable, LOCAL_CLIENT } from '../test/fixtures/session-table';

const SESSIONS = [10, 1_000, 100_000].map((sessions) => sessions === 10 ? sessions : scaled(sessions));
const ROUNDS = scaled(21);
const BLOCK_COUNT = scaled(100);
const WARM_UP_COUNT = scaled(2_000);
const ROWS_A_BATCH = 25;

interface Subject {
  readonly sessions: number;
  readonly tableName: string;
  readonly child: GrowthChild;
}

/** What a changed invocation takes by the number of sessions in the table. */
export async function growthOfTable(endpoint: string, directory: string): Promise<SectionResult> {
  const peer = withStoredSession(1);
  const bundle = bundleInto(directory, peer);
  const dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint });
  const subjects: Subject[] = [];
  try {
    for (const sessions of SESSIONS) {
      const tableName = await createSessionTable(endpoint);
      await load(dynamodb, tableName, sessions);
      const child = new GrowthChild(peer, bundle, tableName, endpoint);
      subjects.push({ sessions, tableName, child });
      await child.run({ count: WARM_UP_COUNT, inFlight: 1, sessions });
    }
    const blocks = await inRounds(ROUNDS, subjects, ({ child, sessions }) => child.run({ count: BLOCK_COUNT, inFlight: 1, sessions }));
    for (const { tableName, sessions } of subjects) {
      await assertCounted(dynamodb, tableName, sessions, WARM_UP_COUNT + (1 + ROUNDS) * BLOCK_COUNT);
    }
    return toResult(blocks);
  } finally {
    for (const { child } of subjects) child.stop();
    dynamodb.destroy();
  }
}

async function load(dynamodb: DynamoDB, tableName: string, sessions: number): Promise<void> {
  for (let first = 0; first < sessions; first += ROWS_A_BATCH) {
    const rows = Array.from({ length: Math.min(ROWS_A_BATCH, sessions - first) }, (_, index) => row(first + index));
    const { UnprocessedItems: left } = await dynamodb.batchWriteItem({
      RequestItems: { [tableName]: rows.map((Item) => ({ PutRequest: { Item } })) },
    });
    if (Object.keys(left ?? {}).length > 0) throw new Error('DynamoDB Local left rows unwritten');
  }
}

/** As bench/handlers/stored-session.mjs leaves it, small. */
function row(number: number): Record<string, AttributeValue> {
  const now = Math.floor(Date.now() / 1000);
  return {
    key: { S: `session-${number}` },
    value: { M: { count: { N: '0' } } },
    created_at: { N: `${now}` },
    access_counter: { N: '1' },
    ttl: { N: `${now + 24 * 60 * 60}` },
  };
}

async function assertCounted(client: DynamoDB, tableName: string, sessions: number, invocations: number): Promise<void> {
  let rows = 0;
  let counted = 0;
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: tableName })) {
    rows += items.length;
    counted += items.reduce((sum, { value }) => sum + Number(value.M!.count.N), 0);
  }
  if (rows !== sessions || counted !== invocations) {
    throw new Error(`${invocations} invocations of ${sessions} sessions counted to ${counted} in ${rows} rows`);
  }
}

function toResult(blocks: readonly GrowthBlock[][]): SectionResult {
  const times = blocks.map((own) => ({ cpuUs: own.map(({ cpuUs }) => cpuUs), wallUs: own.map(({ wallUs }) => wallUs) }));
  const rows = times.map(({ cpuUs, wallUs }, index) => ({
    sessions: SESSIONS[index],
    cpuUs: summarise(cpuUs),
    cpuRatio: ratios(cpuUs, times[0].cpuUs),
    wallUs: summarise(wallUs),
    wallRatio: ratios(wallUs, times[0].wallUs),
  }));
  const markdown = [
    '### More sessions in the table',
    `One read and one write of another session each time, on DynamoDB Local. Medians of ${ROUNDS} blocks of ${BLOCK_COUNT} invocations.`,
    markdownTable(['sessions', 'CPU, µs', '÷ first row', 'wall, µs', '÷ first row'], rows.map((own) => [
      own.sessions.toLocaleString('en-US'),
      formatSpread(own.cpuUs), formatSpread(own.cpuRatio), formatSpread(own.wallUs), formatSpread(own.wallRatio),
    ])),
  ];
  return { markdown: markdown.join('\n\n'), figures: { rows } };
}
