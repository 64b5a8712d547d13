import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeBinary } from '../../test/fixtures/node-binaries';
import { startLambda } from '../../test/fixtures/lambda-runtime-api';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import type { SectionResult } from '../figures';
import { invokeInFreshProcess } from '../fresh-process';
import { inRelationTo, Measured, type Subject } from '../measured';
import { lambdaNodes, measuredNodes } from '../measured-nodes';
import type { PreparedPeer } from '../prepared-peers';
import { usageOfChild } from '../process-usage';
import { inRounds, scaled } from '../rounds';

const FRESH_ROUNDS = scaled(21);
const LAMBDA_ROUNDS = scaled(11);

type Bundle = Subject & Pick<PreparedPeer, 'file' | 'event' | 'environment'>;

/** What the first invocation takes, in a fresh process and under AWS's runtime client. */
export async function coldStart(peers: readonly PreparedPeer[]): Promise<SectionResult> {
  const bundles = [emptyHandler(peers[0]), ...peers.map(({ peer: { id, name }, ...rest }) => ({ ...rest, id, name }))];
  const sections: SectionResult[] = [];
  for (const node of await measuredNodes()) {
    sections.push(await inFreshProcesses(bundles, node));
  }
  for (const node of await lambdaNodes()) {
    sections.push(await inLambdaRuntime(bundles, node));
  }
  return {
    markdown: sections.map(({ markdown }) => markdown).join('\n\n'),
    figures: Object.assign({}, ...sections.map(({ figures }) => figures)),
  };
}

/** The zero line. */
function emptyHandler({ event, environment }: PreparedPeer): Bundle {
  const file = join(temporaryDirectory(), 'index.mjs');
  writeFileSync(file, 'export const handler = async () => ({ statusCode: 200, body: \'4\' });\n');
  return { id: 'empty', name: 'empty handler', file, event, environment };
}

async function inFreshProcesses(bundles: readonly Bundle[], { majorVersion, path }: NodeBinary): Promise<SectionResult> {
  const measured = new Measured(bundles, await inRounds(FRESH_ROUNDS, bundles, async ({ name, file, event, environment }) => {
    const { result, ...figures } = await invokeInFreshProcess(file, event, environment, path);
    assertFourthVisit(name, result);
    return figures;
  }));
  const [importMs, firstAnswerMs, cpuMs, peakMemoryMB] =
    (['importMs', 'firstAnswerMs', 'cpuMs', 'peakMemoryMB'] as const).map((figure) => measured.values(figure));
  return {
    markdown: `### In a fresh process, on Node ${majorVersion}

It loads the bundle and invokes its handler once. Medians of ${FRESH_ROUNDS} rounds, in brackets the quartiles.

${measured.table({ 'import, ms': importMs, 'import → first answer, ms': firstAnswerMs, 'CPU time, ms': cpuMs, 'peak memory, MB': peakMemoryMB })}

In relation to the floor and to the tuned SDK, medians of the ratios in each round:

${measured.table({
  'import ÷ tuned SDK': inRelationTo('aws-sdk-tuned', importMs),
  'import ÷ SDK': inRelationTo('aws-sdk', importMs),
  'first answer ÷ floor': inRelationTo('floor', firstAnswerMs),
  'first answer ÷ tuned SDK': inRelationTo('aws-sdk-tuned', firstAnswerMs),
  'CPU time ÷ floor': inRelationTo('floor', cpuMs),
  'memory ÷ floor': inRelationTo('floor', peakMemoryMB),
})}`,
    figures: { [`node${majorVersion}`]: measured.figures() },
  };
}

async function inLambdaRuntime(bundles: readonly Bundle[], node: NodeBinary): Promise<SectionResult> {
  const measured = new Measured(bundles, await inRounds(LAMBDA_ROUNDS, bundles, (bundle) => firstInvocationInLambda(bundle, node)));
  const addedMs = measured.added('totalMs', 'empty');
  return {
    markdown: `### In AWS's runtime client on Node ${node.majorVersion}

From the start of the process in which Lambda's own client for Node.js runs. Medians of ${LAMBDA_ROUNDS} rounds.

${measured.table({
  'start → handler loaded, ms': measured.values('startMs'),
  'first invocation, ms': measured.values('answerMs'),
  'CPU time, ms': measured.values('cpuMs'),
  'peak memory, MB': measured.values('peakMemoryMB'),
})}

What each adds to the empty handler, in the same round:

${measured.table({
  'until the first answer, ms': addedMs,
  '÷ tuned SDK': inRelationTo('aws-sdk-tuned', addedMs),
  'CPU time, ms': measured.added('cpuMs', 'empty'),
  'peak memory, MB': measured.added('peakMemoryMB', 'empty'),
}, 'empty')}`,
    figures: { [`lambdaNode${node.majorVersion}`]: measured.figures() },
  };
}

type LambdaFigure = 'importMs' | 'startMs' | 'answerMs' | 'totalMs' | 'cpuMs' | 'peakMemoryMB';

/** The times are taken inside: outside, they would hold what stands in for Lambda's own client's native part. */
async function firstInvocationInLambda(
  { name, file, event, environment }: Bundle, { path, majorVersion }: NodeBinary,
): Promise<Record<LambdaFigure, number>> {
  const lambda = await startLambda({
    directory: join(__dirname, '..', 'children'),
    handler: 'timed-handler.handler',
    environment: { ...environment, BENCH_BUNDLE: file, AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${majorVersion}.x` },
    nodeBinary: path,
  });
  try {
    const { times, ...result } = await lambda.invoke(event);
    assertFourthVisit(name, result);
    return { ...times, ...usageOfChild(lambda.guardPid) };
  } finally {
    await lambda.stop();
  }
}

function assertFourthVisit(name: string, { statusCode, body }: { readonly statusCode: number; readonly body: string }): void {
  if (statusCode !== 200 || body !== '4') throw new Error(`${name} answered with status ${statusCode} and ${body} instead of 4`);
}
