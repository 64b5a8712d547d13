import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { format, formatSpread, markdownTable, ratios, type SectionResult, summarise } from './figures';
import { GrowthChild } from './growth-child';
import { type Costs, MeteredFunction } from './metered-function';
import { bundleInto, withStoredSession } from './own-handlers';
import { eventAfter } from './peers';
import { inRounds, scaled } from './rounds';
import { createSessionTable, LOCAL_CLIENT } from '../test/fixtures/session-table';

/** The last fills an item of 400 KB; DynamoDB Local takes its time for it. */
const SIZES = [
  { kilobytes: 1, blockCount: scaled(100), warmUpCount: scaled(2_000) },
  { kilobytes: 44, blockCount: scaled(40), warmUpCount: scaled(400) },
  { kilobytes: 450, blockCount: scaled(10), warmUpCount: scaled(100) },
];
const ROUNDS = scaled(15);

const IN_TURN = { inFlight: 1, sessions: 1 };

const HEAD = [
  'session as JSON', 'bytes of the item', 'CPU, µs', '÷ first row', 'wall, µs', '÷ first row', 'bytes sent', '÷ first row',
  'bytes received', '÷ first row', 'read units', 'write units',
];

type Size = typeof SIZES[number];

interface Subject extends Size {
  readonly costs: Costs;
  readonly child: GrowthChild;
}

/** What a changed invocation takes by the size of its session. */
export async function growthOfData(endpoint: string, directory: string): Promise<SectionResult> {
  const subjects: Subject[] = [];
  try {
    for (const size of SIZES) {
      subjects.push(await prepare(size, endpoint, directory));
    }
    const blocks = await inRounds(ROUNDS, subjects, ({ child, blockCount }) => child.run({ ...IN_TURN, count: blockCount }));
    return toResult(subjects, blocks.map((own) => ({ cpuUs: own.map(({ cpuUs }) => cpuUs), wallUs: own.map(({ wallUs }) => wallUs) })));
  } finally {
    for (const { child } of subjects) child.stop();
  }
}

async function prepare(size: Size, endpoint: string, directory: string): Promise<Subject> {
  const peer = withStoredSession(size.kilobytes);
  const bundle = bundleInto(directory, peer);
  const tableName = await createSessionTable(endpoint);
  const dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint });
  const metered = await MeteredFunction.start(peer, bundle, tableName, dynamodb, endpoint);
  try {
    const { answer } = await metered.invoke(eventAfter(), '1');
    const { costs } = await metered.invoke(eventAfter(answer), '2');
    const child = new GrowthChild(peer, bundle, tableName, endpoint);
    await child.run({ ...IN_TURN, count: size.warmUpCount });
    return { ...size, costs, child };
  } finally {
    await metered.stop();
    dynamodb.destroy();
  }
}

function toResult(subjects: readonly Subject[], times: ReadonlyArray<{ readonly cpuUs: number[]; readonly wallUs: number[] }>): SectionResult {
  const [{ costs: base }] = subjects;
  const rows = subjects.map(({ kilobytes, costs }, index) => {
    const { cpuUs, wallUs } = times[index];
    return {
      kilobytes,
      ...costs,
      cpuUs: summarise(cpuUs),
      cpuRatio: ratios(cpuUs, times[0].cpuUs),
      wallUs: summarise(wallUs),
      wallRatio: ratios(wallUs, times[0].wallUs),
      requestRatio: costs.requestBytes / base.requestBytes,
      responseRatio: costs.responseBytes / base.responseBytes,
    };
  });
  const introduction = [
    'One field of the session changes: one read and one write, on DynamoDB Local. In a map only the changed field is written, so that',
    'no more is sent for a larger session; DynamoDB charges the write by the whole item nevertheless. Medians of',
    `${ROUNDS} blocks of ${SIZES.map(({ blockCount }) => blockCount).join(', ')} invocations.`,
  ].join('\n');
  const table = markdownTable(HEAD, rows.map((row) => [
    `${row.kilobytes} kB`, format(row.itemBytes),
    formatSpread(row.cpuUs), formatSpread(row.cpuRatio), formatSpread(row.wallUs), formatSpread(row.wallRatio),
    format(row.requestBytes), format(row.requestRatio), format(row.responseBytes), format(row.responseRatio), row.readUnits, row.writeUnits,
  ]));
  return { markdown: ['### A larger session', introduction, table].join('\n\n'), figures: { rows } };
}
