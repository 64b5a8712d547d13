import { readFileSync } from 'node:fs';
import { cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { run } from '../../test/e2e/run';
import { nodeBinaries } from '../../test/fixtures/node-binaries';
import type { SectionResult } from '../figures';
import { dependencies } from '../package.json';

const BENCH = join(__dirname, '..');

/** Where the figures come from. */
export async function environment(): Promise<SectionResult> {
  const binaries = await nodeBinaries(join(BENCH, '..', '.e2e'));
  const versions = await Promise.all(binaries.map(({ path }) => run(path, ['--version'])));
  const nodes = [...new Set([process.version, ...versions.map((version) => version.trim())])].sort();
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()}`;
  const packages = Object.keys(dependencies).map((name) => `${name} ${installedVersion(name)}`);
  const date = new Date().toISOString().slice(0, 10);
  const lines = [
    `- ${date}, ${machine}`,
    `- Node ${nodes.join(', ')}; where none is named, ${process.version}`,
    `- ${packages.join(', ')}`,
  ];
  if (process.env.BENCH_SCALE !== undefined) {
    lines.push(`- **A trial with \`BENCH_SCALE=${process.env.BENCH_SCALE}\`: too few rounds for figures that mean something**`);
  }
  return { markdown: lines.join('\n'), figures: { date, machine, nodes, packages } };
}

function installedVersion(name: string): string {
  return JSON.parse(readFileSync(join(BENCH, 'node_modules', name, 'package.json'), 'utf8')).version;
}
