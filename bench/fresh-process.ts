import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from './peers';

/** What bench/children/cold-start.mjs reports. */
export interface FirstInvocation {
  readonly importMs: number;
  readonly firstAnswerMs: number;
  readonly cpuMs: number;
  readonly peakMemoryMB: number;
  readonly result: Answer & { readonly statusCode: number; readonly body: string };
}

/** Loads a bundle in a process of its own and invokes its handler once. */
export async function invokeInFreshProcess(
  bundle: string, event: object, environment: Readonly<Record<string, string>>, nodeBinary: string = process.execPath,
): Promise<FirstInvocation> {
  const script = join(__dirname, 'children', 'cold-start.mjs');
  const { stdout } = await promisify(execFile)(nodeBinary, [script, bundle, JSON.stringify(event)], { env: environment });
  return JSON.parse(stdout);
}
