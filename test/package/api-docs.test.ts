import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');
const committed = () => readFileSync(join(REPOSITORY, 'API.md'), 'utf8');

test('API.md is what the sources say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-docs-'));
  try {
    const generated = join(folder, 'API.md');
    execFileSync(process.execPath, [require.resolve('jsii-docgen/bin/jsii-docgen'), '--output', generated], { cwd: REPOSITORY, stdio: 'pipe' });

    // A difference is cured by: npx projen docgen
    expect(readFileSync(generated, 'utf8')).toBe(committed());
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('API.md describes everything that is public', () => {
  // The generator's own words; without the asterisks they are CDK's, for the default of a property that is inherited.
  expect(committed().split('\n').filter((line) => line.includes('*No description.*'))).toEqual([]);
});

test('docs/api is what the sources of the runtime say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runtime-api-docs-'));
  try {
    execFileSync(process.execPath, [join(REPOSITORY, 'node_modules', 'typedoc', 'bin', 'typedoc'), '--out', folder], { cwd: REPOSITORY, stdio: 'pipe' });
    const pages = (directory: string) => Object.fromEntries(readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]));

    // A difference is cured by: npx projen docgen
    expect(pages(folder)).toEqual(pages(join(REPOSITORY, 'docs', 'api')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);
