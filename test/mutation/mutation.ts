/**
 * Mutation testing of session/ and lifecycle/: puts one deliberate fault after another into a copy of the repository and runs the
 * tests of the runtime's core. A fault that no test finds is a survivor. Writes docs/mutation.md.
 *
 * `npm run mutation -- [minutes] [--skip=n] [file...]`: as many mutants as fit into the time (30 minutes), evenly spread over all there
 * are, without the first n of them, which an earlier run has tried. With files, all mutants of those files; then docs/mutation.md
 * stays as it is.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { mutantsOf } from './mutants';
import type { Mutant } from './mutants';
import { startLocalDynamoDB } from '../fixtures/local-dynamodb';

const REPOSITORY = join(__dirname, '..', '..');
const ROOMS = ['lambda-runtime/src/session', 'lambda-runtime/src/lifecycle'];
const TESTS = 'test/lambda-runtime';
const JEST_CONFIG = 'jest.mutation.json';

interface TestRun {
  /** Paths of tests, as jest takes them. */
  readonly paths: readonly string[];
  /** What is left out of them: the paths of tests, and the beginnings of their titles. */
  readonly leaveOut: { readonly paths: string; readonly titles: string };
  /** How long it takes without a mutant. */
  milliseconds?: number;
}

/** What finds most faults within seconds: every behaviour on the memory store. */
const QUICK: TestRun = {
  paths: ['session', 'lifecycle', 'in-handler', 'transports', 'streaming', 'invocation', 'users', 'conversation'].map((room) => `${TESTS}/${room}/`),
  leaveOut: { paths: 'faults|failures|interleavings|model|properties|weeks|adapters', titles: 'JSON file store|DynamoDB store on|lightweight client|client of the AWS SDK|with the ' },
};
/** What finds faults in how failed writes are understood: DynamoDB behind a proxy that loses answers. */
const THOROUGH: TestRun = {
  paths: ['update', 'faults', 'failures'].map((file) => `${TESTS}/lifecycle/${file}.test.ts`),
  leaveOut: { paths: '/node_modules/', titles: 'client of the AWS SDK|with the client of the AWS SDK|.*at random' },
};

void main();

async function main(): Promise<void> {
  const options = process.argv.slice(2);
  const minutes = Number(options.find((option) => /^\d+$/.test(option)) ?? 30);
  const skipped = Number(options.find((option) => option.startsWith('--skip='))?.slice('--skip='.length) ?? 0);
  const files = options.filter((option) => option.endsWith('.ts'));
  const dynamodb = await startLocalDynamoDB();
  Object.assign(process.env, { TEST_DYNAMODB_ENDPOINT: dynamodb.endpoint, TEST_DYNAMODB_KIND: dynamodb.kind });
  const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
  try {
    copyRepository(copy);
    for (const run of [QUICK, THOROUGH]) {
      await measure(copy, run);
    }
    const rooms = ROOMS.flatMap((room) => readdirSync(join(REPOSITORY, room)).map((file) => join(room, file)));
    const mutants = (files.length > 0 ? files : rooms).flatMap((file) => mutantsOf(file));
    const results = await tryMutants(copy, files.length > 0 ? mutants : spread(mutants).slice(skipped), Date.now() + minutes * 60_000);
    if (files.length === 0) {
      writeReport(mutants.length, results);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
    await dynamodb.stop();
  }
}

function copyRepository(copy: string): void {
  const files = execFileSync('git', ['ls-files', 'lambda-runtime', 'src', 'test', 'package.json', 'tsconfig.dev.json'], { cwd: REPOSITORY, encoding: 'utf8' });
  files.split('\n').filter(Boolean).forEach((file) => cpSync(join(REPOSITORY, file), join(copy, file)));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
  const { jest } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { jest: Record<string, unknown> };
  // One DynamoDB for all mutants, without coverage.
  const { globalSetup, globalTeardown, coverageThreshold, ...config } = jest;
  writeFileSync(join(copy, JEST_CONFIG), JSON.stringify({ ...config, collectCoverage: false, reporters: ['default'], rootDir: copy }));
}

/** How long the tests take without a mutant: one that makes them hang takes far longer. */
async function measure(copy: string, run: TestRun): Promise<void> {
  const began = Date.now();
  const { pass, output } = await runTests(copy, run);
  if (!pass) {
    throw new Error(`the tests fail without any mutant:\n${output}`);
  }
  run.milliseconds = Date.now() - began;
}

/** The same mutants in an order in which each beginning is spread evenly over all of them. */
function spread(mutants: readonly Mutant[]): Mutant[] {
  const step = Math.max(1, Math.round(mutants.length * 0.618));
  const coprime = Array.from({ length: mutants.length }, (_, i) => step + i).find((candidate) => gcd(candidate, mutants.length) === 1) ?? 1;
  return mutants.map((_, index) => mutants[(index * coprime) % mutants.length]);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

interface Results {
  readonly tried: number;
  readonly survivors: readonly Mutant[];
}

async function tryMutants(copy: string, mutants: readonly Mutant[], endsAt: number): Promise<Results> {
  const survivors: Mutant[] = [];
  let tried = 0;
  for (const mutant of mutants) {
    if (Date.now() > endsAt) break;
    const path = join(copy, mutant.file);
    writeFileSync(path, mutant.text);
    const survived = (await runTests(copy, QUICK)).pass && (await runTests(copy, THOROUGH)).pass;
    cpSync(join(REPOSITORY, mutant.file), path);
    tried++;
    if (survived) survivors.push(mutant);
    console.log(`${tried}: ${survived ? 'SURVIVED' : 'found'} ${mutant.file}:${mutant.line} ${mutant.original} -> ${mutant.replacement}`);
  }
  return { tried, survivors };
}

/** Whether they pass; not if a mutant makes them hang. Does not block: DynamoDB may run in this process. */
async function runTests(copy: string, { paths, leaveOut, milliseconds }: TestRun): Promise<{ pass: boolean; output: string }> {
  const jest = [
    // `--option=value`, and the paths first: an option that takes a list would take the paths too.
    require.resolve('jest/bin/jest'), ...paths, `--config=${JEST_CONFIG}`, '--bail', '--runInBand', '--silent',
    `--testPathIgnorePatterns=${leaveOut.paths}`, `--testNamePattern=^(?!${leaveOut.titles})`,
  ];
  const timeout = milliseconds === undefined ? 600_000 : 3 * milliseconds + 20_000;
  const child = spawn(process.execPath, jest, { cwd: copy, timeout, killSignal: 'SIGKILL', stdio: ['ignore', 'ignore', 'pipe'] });
  const [output, [status]] = await Promise.all([readText(child.stderr), once(child, 'exit')]);
  return { pass: status === 0, output };
}

function writeReport(all: number, { tried, survivors }: Results): void {
  const score = Math.round((1 - survivors.length / tried) * 100);
  const rows = survivors.map(({ file, line, original, replacement }) =>
    `| \`${file.replace('lambda-runtime/src/', '')}:${line}\` | \`${cell(original)}\` | \`${cell(replacement)}\` |`);
  writeFileSync(join(REPOSITORY, 'docs', 'mutation.md'), `# Mutation testing

\`npm run mutation\` puts deliberate faults into \`session/\` and \`lifecycle/\`, one at a time, and counts those that the tests find.

**${tried - survivors.length} of ${tried} faults were found (${score} %)**, ${tried < all ? `a sample spread evenly over all ${all} that the script can make` : 'all that the script can make'}.

${rows.length === 0 ? 'None survived.' : `Survivors:\n\n| place | was | became |\n|---|---|---|\n${rows.join('\n')}`}

A survivor is either a gap in the tests or a change that makes no difference, such as a limit that is reached a moment later.
`);
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
