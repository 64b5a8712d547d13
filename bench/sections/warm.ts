import type { NodeBinary } from '../../test/fixtures/node-binaries';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import { formatSpread, markdownTable, type SectionResult, summarise } from '../figures';
import { inRelationTo, Measured, type Subject } from '../measured';
import { measuredNodes } from '../measured-nodes';
import { bundlePeer, eventAfter } from '../peers';
import { environmentOf, type PreparedPeer } from '../prepared-peers';
import { inRounds, scaled } from '../rounds';
import { type WarmInvocation, WarmProcess } from '../warm-process';

const ROUNDS = scaled(40);
const WARM_UP = scaled(3000);
const BLOCK = 200;
const IN_FLIGHT = [1, 64] as const;

const ALLOCATION_ROUNDS = scaled(20);
const ALLOCATION_BLOCK = 100;
/** The young generation holds a whole block, so that no garbage collection hides what was allocated. */
const ALLOCATION_OPTIONS = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

const MEMORY_STORE_ROUNDS = scaled(20);
const MEMORY_STORE_BLOCK = 5000;

/** On all Nodes but the newest, the first ones suffice. */
const PEERS_ON_OLDER_NODES = 4;

type Bundle = Subject & Pick<PreparedPeer, 'file' | 'event' | 'environment'>;

/** What a changed invocation takes of a process that is warm. */
export async function warm(peers: readonly PreparedPeer[]): Promise<SectionResult> {
  const bundles = peers.map(({ peer: { id, name }, ...rest }): Bundle => ({ ...rest, id, name }));
  const nodes = await measuredNodes();
  const newest = nodes.at(-1)!;
  const sections = [await allocation(bundles, newest), await withoutClient(nodes)];
  for (const node of nodes) {
    sections.unshift(await time(node === newest ? bundles : bundles.slice(0, PEERS_ON_OLDER_NODES), node));
  }
  return {
    markdown: sections.map(({ markdown }) => markdown).join('\n\n'),
    figures: Object.assign({}, ...sections.map(({ figures }) => figures)),
  };
}

async function time(bundles: readonly Bundle[], { majorVersion, path }: NodeBinary): Promise<SectionResult> {
  const running = bundles.map((bundle) => ({ ...bundle, process: new WarmProcess(bundle, { nodeBinary: path }) }));
  const parts = [`### Time on Node ${majorVersion}`, `Medians of ${ROUNDS} blocks of ${BLOCK} invocations, of each process in turn.`];
  const figures: Record<string, unknown> = {};
  try {
    for (const inFlight of IN_FLIGHT) {
      for (const { process } of running) await process.invoke(WARM_UP, inFlight);
      const measured = new Measured(bundles, await inRounds(ROUNDS, running, ({ process }) => process.invoke(BLOCK, inFlight)));
      const cpuUs = measured.values('cpuUs');
      parts.push(`${inFlight} in flight, per invocation:`, measured.table({
        'CPU time, µs': cpuUs,
        'CPU time ÷ floor': inRelationTo('floor', cpuUs),
        'CPU time ÷ SDK': inRelationTo('aws-sdk', cpuUs),
        'time, µs': measured.values('wallUs'),
        'time ÷ floor': inRelationTo('floor', measured.values('wallUs')),
      }));
      figures[`inFlight${inFlight}`] = measured.figures();
    }
  } finally {
    running.forEach(({ process }) => process.stop());
  }
  return { markdown: parts.join('\n\n'), figures: { [`node${majorVersion}`]: figures } };
}

async function allocation(bundles: readonly Bundle[], { majorVersion, path }: NodeBinary): Promise<SectionResult> {
  const measurements: { kilobytes: number }[][] = [];
  for (const bundle of bundles) {
    const blocks = await invokeInBlocks(bundle, path, {
      warmUp: WARM_UP, rounds: ALLOCATION_ROUNDS, block: ALLOCATION_BLOCK, execArgv: ALLOCATION_OPTIONS,
    });
    measurements.push(blocks.map(({ allocatedBytes }) => ({ kilobytes: allocatedBytes / 1000 })));
  }
  const measured = new Measured(bundles, measurements);
  const kilobytes = measured.values('kilobytes');
  return {
    markdown: `### Memory allocated, on Node ${majorVersion}

Per invocation, one at a time. Medians of ${ALLOCATION_ROUNDS} blocks of ${ALLOCATION_BLOCK}.

${measured.table({ 'allocated, kB': kilobytes, '÷ floor': inRelationTo('floor', kilobytes) })}`,
    figures: { allocation: measured.figures() },
  };
}

async function withoutClient(nodes: readonly NodeBinary[]): Promise<SectionResult> {
  const peer = { name: 'memory store', id: 'memory-store', entry: '../handlers/memory-store.mjs', format: 'esm', keyAttribute: 'key' } as const;
  const bundle = {
    ...bundlePeer(peer, temporaryDirectory()),
    event: eventAfter({ headers: { 'session-id': 'KndDCESxgcqGj8LuJomgvL5wApEds-Z6_EeVN_yk3x8' } }),
    environment: environmentOf({}, 'none', 'http://127.0.0.1:1'),
  };
  const rows: string[][] = [];
  const figures: Record<string, unknown> = {};
  for (const { majorVersion, path } of nodes) {
    const blocks = await invokeInBlocks(bundle, path, { warmUp: scaled(50_000), rounds: MEMORY_STORE_ROUNDS, block: MEMORY_STORE_BLOCK });
    const cpuUs = summarise(blocks.map((block) => block.cpuUs));
    rows.push([`Node ${majorVersion}`, formatSpread(cpuUs)]);
    figures[`node${majorVersion}`] = cpuUs;
  }
  return {
    markdown: `### Without a client

cdk-session-table with its memory store, a changed session of 1 kB: what the runtime itself takes. Medians of ${MEMORY_STORE_ROUNDS} blocks of
${MEMORY_STORE_BLOCK}.

${markdownTable(['', 'CPU time per invocation, µs'], rows)}`,
    figures: { memoryStore: figures },
  };
}

async function invokeInBlocks(
  bundle: Pick<Bundle, 'file' | 'event' | 'environment'>,
  nodeBinary: string,
  { warmUp, rounds, block, execArgv }: { warmUp: number; rounds: number; block: number; execArgv?: readonly string[] },
): Promise<WarmInvocation[]> {
  const process = new WarmProcess(bundle, { nodeBinary, execArgv });
  try {
    await process.invoke(warmUp, 1);
    return (await inRounds(rounds, [process], () => process.invoke(block, 1)))[0];
  } finally {
    process.stop();
  }
}
