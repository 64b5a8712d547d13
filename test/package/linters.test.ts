import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');

let folder: string;
let tarball: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk-session-table-tarball-'));
  run('npm', 'pack', '--silent', '--pack-destination', folder);
  tarball = join(folder, readdirSync(folder)[0]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: REPOSITORY, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
  return stdout;
}

test('publint finds nothing wrong with the package, not even a suggestion', () => {
  expect(run('npx', 'publint', 'run', tarball, '--strict')).toMatch(/All good!/);
});

test('attw finds the types of every entry in every module resolution; .jsii is for no TypeScript compiler', () => {
  const report = run('npx', 'attw', tarball, '--format', 'ascii', '--no-emoji', '--exclude-entrypoints', '.jsii');

  expect(report).toContain('No problems found');
});
