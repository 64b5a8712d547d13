import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart } from './chart';
import type { SectionResult } from './figures';
import { type PreparedPeer, preparePeers, releasePeers } from './prepared-peers';
import { bundleSize } from './sections/bundle-size';
import { calls } from './sections/calls';
import { coldStart } from './sections/cold-start';
import { conversations } from './sections/conversations';
import { environment } from './sections/environment';
import { growth } from './sections/growth';
import { synthesis } from './sections/synthesis';
import { targets } from './sections/targets';
import { warm } from './sections/warm';
import { run } from '../test/e2e/run';

/*
 * Measures this library beside others, and puts the figures into docs/benchmarks.md, .json and .svg: all of them, or those of
 * the sections that are named. Ends with status 1 if something did not work; a target that is missed is a figure like any other.
 *
 * bench.ts [section...]
 */

const REPOSITORY = join(__dirname, '..');
const DOCUMENT = join(REPOSITORY, 'docs', 'benchmarks.md');
const FIGURES = join(REPOSITORY, 'docs', 'benchmarks.json');
const CHART = join(REPOSITORY, 'docs', 'benchmarks.svg');
const RUNTIME = join(REPOSITORY, 'lambda-runtime');

/** In the order in which they are measured. */
const SECTIONS: Readonly<Record<string, () => Promise<SectionResult>>> = {
  'environment': environment,
  'cold-start': async () => coldStart(await preparedPeers()),
  'warm': async () => warm(await preparedPeers()),
  'calls': () => calls(),
  'growth': growth,
  'conversations': conversations,
  'bundle-size': bundleSize,
  'synthesis': synthesis,
};

let peers: readonly PreparedPeer[] | undefined;

async function main(): Promise<void> {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SECTIONS);
  const unknown = wanted.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) throw new Error(`there is no section ${unknown.join(', ')}, but ${Object.keys(SECTIONS).join(', ')}`);

  await prepare();
  try {
    for (const name of wanted) {
      const start = performance.now();
      const result = await SECTIONS[name]();
      write(name, result);
      console.log(`${name}, ${((performance.now() - start) / 1000).toFixed(0)} s\n\n${result.markdown}\n`);
    }
  } finally {
    await releasePeers(peers ?? []);
  }
  summarise();
}

async function prepare(): Promise<void> {
  if (!existsSync(join(__dirname, 'node_modules'))) await run('npm', ['ci', '--prefix', __dirname]);
  if (!isRuntimeBuilt()) {
    await run('npx', ['ts-node', '--transpile-only', '--project', 'tsconfig.dev.json', 'lambda-runtime/build.ts'], { cwd: REPOSITORY });
  }
}

/** Since its sources were last changed. */
function isRuntimeBuilt(): boolean {
  const built = join(RUNTIME, 'lib', 'esm', 'index.js');
  if (!existsSync(built)) return false;
  const sources = readdirSync(join(RUNTIME, 'src'), { recursive: true, encoding: 'utf8' });
  return sources.every((file) => statSync(join(RUNTIME, 'src', file)).mtimeMs <= statSync(built).mtimeMs);
}

async function preparedPeers(): Promise<readonly PreparedPeer[]> {
  return peers ??= await preparePeers();
}

/** What follows from the figures of all sections, those of earlier runs too. */
function summarise(): void {
  const result = targets(readFigures());
  write('targets', result);
  console.log(result.markdown);
  const image = chart(readFigures());
  if (image !== undefined) writeFileSync(CHART, image);
}

function write(name: string, { markdown, figures }: SectionResult): void {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const document = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for a section: ${begin} … ${end}`);
  writeFileSync(DOCUMENT, `${document.slice(0, from + begin.length)}\n\n${markdown}\n\n${document.slice(to)}`);
  const rounded = (_: string, value: unknown) => typeof value === 'number' ? Number(value.toPrecision(4)) : value;
  writeFileSync(FIGURES, `${JSON.stringify({ ...readFigures(), [name]: figures }, rounded, 2)}\n`);
}

function readFigures(): Record<string, unknown> {
  return existsSync(FIGURES) ? JSON.parse(readFileSync(FIGURES, 'utf8')) : {};
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
