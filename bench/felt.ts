import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './peers';

/** What happens between init and the first invocation: milliseconds that pass, or ten minutes in which the sandbox is frozen. */
export type Gap = number | 'frozen';

export interface Felt {
  readonly initMs: number;
  readonly initCpuMs: number;
  readonly firstMs: number;
  readonly firstCpuMs: number;
  /** Init, then the first invocation's CPU time at the share of a core that the memory buys. */
  readonly felt128: number;
  readonly felt512: number;
  readonly felt1769: number;
}

/** The share of a core that Lambda gives a function, by its memory; while it initialises it has a whole one. */
export const SHARES = { 128: 0.0724, 512: 0.2894, 1769: 1 } as const;

export interface Bundled {
  readonly name: string;
  readonly file: string;
  readonly event: object;
  readonly lambdaEnvironment: Readonly<Record<string, string>>;
}

interface Printed {
  readonly init: { readonly cpuMs: number; readonly wallMs: number };
  readonly first: { readonly cpuMs: number; readonly wallMs: number };
  readonly result: Answer & { readonly statusCode: number; readonly body: string };
}

/**
 * Initialises a bundle in a fresh process, and invokes its handler once after the gap. Time that the machine gives to others
 * is in the wall times, not in the CPU times, so init counts by the latter: it hardly ever waits.
 */
export async function feltOf({ name, file, event, lambdaEnvironment }: Bundled, nodeBinary: string, gap: Gap = 0): Promise<Felt> {
  const { init, first, result } = await runFelt([file, JSON.stringify(event), `${gap}`], nodeBinary, lambdaEnvironment);
  assertFourthVisit(name, result);
  const felt = (memory: keyof typeof SHARES) => init.cpuMs + first.cpuMs / SHARES[memory];
  return {
    initMs: init.wallMs,
    initCpuMs: init.cpuMs,
    firstMs: first.wallMs,
    firstCpuMs: first.cpuMs,
    felt128: felt(128),
    felt512: felt(512),
    felt1769: felt(1769),
  };
}

function runFelt(args: readonly string[], nodeBinary: string, env: Readonly<Record<string, string>>): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const script = join(__dirname, 'children', 'felt.mjs');
    const child = execFile(nodeBinary, [script, ...args], { env }, (error, stdout) => {
      clearInterval(waker);
      if (error === null) {
        resolve(JSON.parse(stdout));
      } else {
        reject(error);
      }
    });
    // Continues the process once it has stopped itself.
    const waker = setInterval(() => {
      if (args[2] === 'frozen' && isStopped(child.pid!)) child.kill('SIGCONT');
    }, 100);
  });
}

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

export function assertFourthVisit(name: string, { statusCode, body }: { readonly statusCode: number; readonly body: string }): void {
  if (statusCode !== 200 || body !== '4') throw new Error(`${name} answered with status ${statusCode} and ${body} instead of 4`);
}
