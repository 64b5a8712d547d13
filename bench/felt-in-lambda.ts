import { join } from 'node:path';
import { CpuQuota } from './cpu-quota';
import { assertFourthVisit, type Bundled, SHARES } from './felt';
import { startLambda } from '../test/fixtures/lambda-runtime-api';
import type { NodeBinary } from '../test/fixtures/node-binaries';

export interface FeltInLambda {
  readonly initMs: number;
  readonly firstMs: number;
  readonly feltMs: number;
}

/**
 * Init at full speed, then the first invocation under the CPU quota that the memory buys, in AWS's own runtime client. Undefined
 * where there are no quotas.
 */
export async function feltInLambda(
  { name, file, event, lambdaEnvironment }: Bundled, { path, majorVersion }: NodeBinary, memory: keyof typeof SHARES,
): Promise<FeltInLambda | undefined> {
  const quota = CpuQuota.make(SHARES[memory]);
  if (quota === undefined) return undefined;
  const lambda = await startLambda({
    directory: join(__dirname, 'children'),
    handler: 'timed-handler.handler',
    environment: { ...lambdaEnvironment, BENCH_BUNDLE: file, AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${majorVersion}.x` },
    nodeBinary: path,
  });
  try {
    quota.confineChildOf(lambda.guardPid!);
    const start = performance.now();
    const { initMs, ...result } = await lambda.invoke(event);
    const firstMs = performance.now() - start;
    assertFourthVisit(name, result);
    return { initMs, firstMs, feltMs: initMs + firstMs };
  } finally {
    await lambda.stop();
    quota.remove();
  }
}
