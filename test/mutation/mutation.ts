/**
 * Mutation testing of session/ and lifecycle/: puts one deliberate fault after another into a copy of the repository and runs the
 * tests of the runtime's core. A fault that no test finds is a survivor. Writes docs/mutation.md.
 *
 * `npm run mutation -- [minutes]`: as many mutants as fit into the time (30 minutes), evenly spread over all there are.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutantsOf } from './mutants';
import type { Mutant } from './mutants';

const REPOSITORY = join(__dirname, '..', '..');
const ROOMS = ['lambda-runtime/src/session', 'lambda-runtime/src/lifecycle'];
const TESTS = ['test/lambda-runtime/session', 'test/lambda-runtime/lifecycle', 'test/lambda-runtime/in-handler', 'test/lambda-runtime/transports', 'test/lambda-runtime/streaming'];

const minutes = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 30);
const endsAt = Date.now() + minutes * 60_000;
const copy = mkdtempSync(join(tmpdir(), 'mutation-'));

try {
  copyRepository();
  if (!testsPass()) throw new Error('the tests fail without any mutant');
  const all = ROOMS.flatMap((room) => readdirSync(join(REPOSITORY, room)).map((file) => join(room, file))).flatMap(mutantsOf);
  const results = tryMutants(spread(all));
  writeReport(all.length, results);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function copyRepository(): void {
  const files = execFileSync('git', ['ls-files', 'lambda-runtime', 'src', 'test', 'package.json', 'tsconfig.dev.json'], { cwd: REPOSITORY, encoding: 'utf8' });
  files.split('\n').filter(Boolean).forEach((file) => cpSync(join(REPOSITORY, file), join(copy, file)));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
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

function tryMutants(mutants: readonly Mutant[]): { tried: number; survivors: Mutant[] } {
  const survivors: Mutant[] = [];
  let tried = 0;
  for (const mutant of mutants) {
    if (Date.now() > endsAt) break;
    const path = join(copy, mutant.file);
    writeFileSync(path, mutant.text);
    const survived = testsPass();
    cpSync(join(REPOSITORY, mutant.file), path);
    tried++;
    if (survived) survivors.push(mutant);
    console.log(`${tried}: ${survived ? 'SURVIVED' : 'found'} ${mutant.file}:${mutant.line} ${mutant.original} -> ${mutant.replacement}`);
  }
  return { tried, survivors };
}

/** Also false if a mutant makes them hang. */
function testsPass(): boolean {
  const jest = [require.resolve('jest/bin/jest'), '--coverage=false', '--bail', '--maxWorkers=2', '--reporters=default', '--testPathIgnorePatterns', 'properties|model', ...TESTS];
  return spawnSync(process.execPath, jest, { cwd: copy, timeout: 240_000, killSignal: 'SIGKILL', stdio: 'ignore' }).status === 0;
}

function writeReport(all: number, { tried, survivors }: { tried: number; survivors: readonly Mutant[] }): void {
  const score = Math.round((1 - survivors.length / tried) * 100);
  const rows = survivors.map(({ file, line, original, replacement }) =>
    `| \`${file.replace('lambda-runtime/src/', '')}:${line}\` | \`${cell(original)}\` | \`${cell(replacement)}\` |`);
  writeFileSync(join(REPOSITORY, 'docs', 'mutation.md'), `# Mutation testing

\`npm run mutation\` puts deliberate faults into \`session/\` and \`lifecycle/\`, one at a time, and counts those that the tests find.

**${tried - survivors.length} of ${tried} faults were found (${score} %)**, a sample spread evenly over all ${all} that the script can make, in ${minutes} minutes.

${rows.length === 0 ? 'None survived.' : `Survivors:\n\n| place | was | became |\n|---|---|---|\n${rows.join('\n')}`}

A survivor is either a gap in the tests or a change that makes no difference, such as a limit that is reached a moment later.
`);
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
