import { startLocalDynamoDB } from '../../test/fixtures/local-dynamodb';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import { monthlyPrice, PRICED_REQUESTS_PER_SECOND, USD_PER_MILLION } from '../capacity';
import { format, markdownTable, ratios, type SectionResult, summarise, type Summary } from '../figures';
import type { Costs } from '../metered-function';
import { OURS, withStoredSession } from '../own-handlers';
import { PEER_CASES, type PeerVisits, PeerTable, UNCHANGED_CASES } from '../peer-visits';
import { PEERS } from '../peers';
import { scaled } from '../rounds';

const BASE = 'floor';
const VISITORS = scaled(11);

/** Calls, bytes on the wire and consumed capacity of an invocation, by what it does. */
export async function calls(): Promise<SectionResult> {
  const dynamodb = await startLocalDynamoDB();
  try {
    const directory = temporaryDirectory();
    const visits: PeerVisits[] = [];
    for (const peer of [...PEERS, withStoredSession(1)]) {
      const table = new PeerTable(peer, dynamodb.endpoint, directory);
      const measured = await table.measure(VISITORS);
      const unchanged = peer === OURS ? await table.measureUnchanged(VISITORS) : undefined;
      visits.push({ ...measured, costs: { ...measured.costs, ...unchanged?.costs } });
      table.release();
    }
    return { markdown: toMarkdown(visits), figures: Object.fromEntries(visits.map((visit) => [visit.peer.id, figuresOf(visit)])) };
  } finally {
    await dynamodb.stop();
  }
}

function toMarkdown(visits: readonly PeerVisits[]): string {
  const introduction = [
    `Medians of ${VISITORS} visitors each, on DynamoDB Local, with the quartiles in brackets where they differ. Bytes are those on the`,
    'wire between client and DynamoDB, heads included, without TLS. Calls of the control plane are all that go elsewhere than to',
    'items: in the first invocation of a process, and in each later one. Request units follow from the sizes of the items by the',
    '[documented rules](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html), the price for',
    `${format(PRICED_REQUESTS_PER_SECOND)} such requests per second over 30 days from the`,
    '[price list](https://aws.amazon.com/dynamodb/pricing/on-demand/) of us-east-1, on demand, in force since 1 November 2024:',
    `USD ${USD_PER_MILLION.readUnits} for a million read request units, USD ${USD_PER_MILLION.writeUnits} for a million write request units.`,
    'Storage and backups are not in it.',
  ].join('\n');
  const sections = [...PEER_CASES, ...UNCHANGED_CASES].map((name) => {
    const rows = visits.filter(({ costs }) => name in costs).map((visit) => row(visit, name, visits));
    return `### ${name[0].toUpperCase()}${name.slice(1)}\n\n${markdownTable(HEAD, rows)}`;
  });
  return [introduction, ...sections].join('\n\n');
}

const HEAD = [
  '', 'calls', 'control plane, first', 'later', 'bytes sent', 'bytes received', 'bytes ÷ floor',
  'bytes of the item', 'read units', 'write units', 'USD a month', 'price ÷ floor',
];

function row({ peer, controlPlaneCallsAtFirst, costs }: PeerVisits, name: string, visits: readonly PeerVisits[]): (string | number)[] {
  const own = costs[name];
  const base = visits.find((visit) => visit.peer.id === BASE)!.costs[name];
  const operations = own[0].calls.map((operation) => operation.replace('Item', ''));
  const { requestBytes, responseBytes, itemBytes, readUnits, writeUnits, controlPlaneCalls, usdPerMonth } = summaries(own);
  return [
    peer.name,
    operations.length === 1 ? `1: ${operations[0]}` : `${operations.length}: ${operations.join(', ')}`,
    controlPlaneCallsAtFirst,
    spread(controlPlaneCalls),
    spread(requestBytes),
    spread(responseBytes),
    base === undefined ? '–' : spread(ratios(own.map(allBytes), base.map(allBytes)), twoDigits),
    spread(itemBytes),
    spread(readUnits, String),
    spread(writeUnits, String),
    spread(usdPerMonth),
    base === undefined ? '–' : spread(ratios(own.map(monthlyPrice), base.map(monthlyPrice)), twoDigits),
  ];
}

function figuresOf({ controlPlaneCallsAtFirst, costs }: PeerVisits): Record<string, unknown> {
  const cases = Object.entries(costs).map(([name, own]) => [name, { controlPlaneCallsAtFirst, operations: own[0].calls, ...summaries(own) }]);
  return Object.fromEntries(cases);
}

function summaries(costs: readonly Costs[]) {
  const of = (figure: (cost: Costs) => number) => summarise(costs.map(figure));
  return {
    calls: of((cost) => cost.calls.length),
    controlPlaneCalls: of((cost) => cost.controlPlaneCalls),
    requestBytes: of((cost) => cost.requestBytes),
    responseBytes: of((cost) => cost.responseBytes),
    itemBytes: of((cost) => cost.itemBytes),
    readUnits: of((cost) => cost.readUnits),
    writeUnits: of((cost) => cost.writeUnits),
    usdPerMonth: of(monthlyPrice),
  };
}

function allBytes({ requestBytes, responseBytes }: Costs): number {
  return requestBytes + responseBytes;
}

function twoDigits(value: number): string {
  return value.toFixed(2);
}

/** The quartiles only where they say more than the median. */
function spread(summary: Summary, print: (value: number) => string = wholeNumber): string {
  const [middle, lower, upper] = [summary.median, summary.lowerQuartile, summary.upperQuartile].map(print);
  return lower === upper ? middle : `${middle} (${lower}–${upper})`;
}

function wholeNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
