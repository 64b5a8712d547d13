import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { AnySessionStub } from './any-session-stub';
import { formatSpread, markdownTable, ratios, type SectionResult, summarise } from './figures';
import { type GrowthBlock, GrowthChild } from './growth-child';
import { MeteredFunction } from './metered-function';
import { bundleInto, withStoredSession } from './own-handlers';
import { eventAfter } from './peers';
import { scaled } from './rounds';

import { createSessionTable, LOCAL_CLIENT } from '../test/fixtures/session-table';

const INVOCATIONS = [10_000, 100_000, 1_000_000].map(scaled);
const LOAD = { inFlight: 64, sessions: 1_000_000, newVisitorEvery: 10 };
/** At each number of invocations memory is read as often, the last time when they are all done. */
const READINGS = 5;
const BETWEEN_READINGS = scaled(500);

const PEER = withStoredSession(1);

/** What memory a process holds by the number of invocations that it has served. */
export async function growthOfProcess(endpoint: string, directory: string): Promise<SectionResult> {
  const bundle = bundleInto(directory, PEER);
  const stub = await stubWithSession(bundle, endpoint);
  const child = new GrowthChild(PEER, bundle, 'sessions', stub.endpoint);
  try {
    const readings: GrowthBlock[][] = [];
    let served = 0;
    for (const invocations of INVOCATIONS) {
      const own: GrowthBlock[] = [];
      for (let reading = READINGS - 1; reading >= 0; reading--) {
        const count = invocations - reading * BETWEEN_READINGS - served;
        own.push(await child.run({ ...LOAD, count }));
        served += count;
      }
      readings.push(own);
    }
    return toResult(readings);
  } finally {
    child.stop();
    await stub.stop();
  }
}

/** A session of the handler's own making. */
async function stubWithSession(bundle: string, endpoint: string): Promise<AnySessionStub> {
  const tableName = await createSessionTable(endpoint);
  const dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint });
  const metered = await MeteredFunction.start(PEER, bundle, tableName, dynamodb, endpoint);
  try {
    await metered.invoke(eventAfter(), '1');
    const { Items: [item] = [] } = await dynamodb.scan({ TableName: tableName });
    return await AnySessionStub.start(item);
  } finally {
    await metered.stop();
    dynamodb.destroy();
  }
}

function toResult(readings: readonly GrowthBlock[][]): SectionResult {
  const megabytes = readings.map((own) => ({
    heap: own.map(({ heapBytes }) => heapBytes / 2 ** 20),
    resident: own.map(({ residentBytes }) => residentBytes / 2 ** 20),
  }));
  const rows = megabytes.map(({ heap, resident }, index) => ({
    invocations: INVOCATIONS[index],
    heapMB: summarise(heap),
    heapRatio: ratios(heap, megabytes[0].heap),
    residentMB: summarise(resident),
    residentRatio: ratios(resident, megabytes[0].resident),
  }));
  const markdown = [
    '### A process that goes on',
    [
      `One process with ${LOAD.inFlight} invocations in flight, every tenth of a new visitor, the rest change a session of 1 kB, before a stub with`,
      `fixed answers. Memory after garbage collection, medians of ${READINGS} readings ${BETWEEN_READINGS} invocations apart, the last when all are`,
      'served. What buffers hold outside the heap is counted with it.',
    ].join('\n'),
    markdownTable(['invocations', 'heap, MB', '÷ first row', 'resident, MB', '÷ first row'], rows.map((own) => [
      own.invocations.toLocaleString('en-US'),
      formatSpread(own.heapMB), formatSpread(own.heapRatio), formatSpread(own.residentMB), formatSpread(own.residentRatio),
    ])),
  ];
  return { markdown: markdown.join('\n\n'), figures: { rows } };
}
