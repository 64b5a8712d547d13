import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRIES } from '../../lambda-runtime/entries';

const REPOSITORY = join(__dirname, '..', '..');

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'bundle-sizes-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function check(...options: string[]) {
  const args = ['--transpile-only', '--project', 'tsconfig.dev.json', 'lambda-runtime/bundle-sizes.ts', ...options];
  return spawnSync(process.execPath, [require.resolve('ts-node/dist/bin.js'), ...args], { cwd: REPOSITORY, encoding: 'utf8' });
}

/** A file with today's figures, changed. */
function figures(change: (bytes: number) => number): string {
  const file = join(folder, 'figures.json');
  check('--update', file);
  const today = Object.entries<number>(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify(Object.fromEntries(today.map(([name, bytes]) => [name, change(bytes)]))));
  return file;
}

test('the gate lets pass what grew by less than 2 %', () => {
  expect(check(figures((bytes) => Math.ceil(bytes / 1.01)))).toMatchObject({ status: 0, stderr: '' });
});

test('the gate fails on growth of more than 2 %, and says how to accept it', () => {
  const { status, stderr } = check(figures((bytes) => Math.floor(bytes / 1.03)));

  expect(status).toBe(1);
  expect(stderr).toContain('a handler with a header weighs');
  expect(stderr).toContain('npx projen bundle-sizes --update');
});

test('the figures name every entry', () => {
  const names = Object.keys(JSON.parse(readFileSync(join(REPOSITORY, 'lambda-runtime/bundle-sizes.json'), 'utf8')));

  expect(names).toEqual(expect.arrayContaining(Object.keys(ENTRIES).map((entry) => `the entry ${entry}`)));
});

test.each([
  ['README.md', /runtime adds about (\d+) kB/],
  ['docs/decisions/01-dynamodb-client.md', /handler weighs about (\d+) kB/],
])('%s says what a handler with a header weighs', (file, figure) => {
  const bytes = JSON.parse(readFileSync(join(REPOSITORY, 'lambda-runtime/bundle-sizes.json'), 'utf8'))['a handler with a header'];
  const said = Number(figure.exec(readFileSync(join(REPOSITORY, file), 'utf8'))![1]) * 1000;

  expect(Math.abs(said - bytes)).toBeLessThan(bytes / 20);
});
