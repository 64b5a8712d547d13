import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');

const folder = mkdtempSync(join(tmpdir(), 'cdk-session-table-lambda-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): string {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  return execFileSync('npm', [...args, '--silent'], { cwd, env, encoding: 'utf8' }).trim();
}

const installed = () => readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));

test('npm install in a folder of Lambda code brings this package alone, with less than 3 MB, and the runtime loads', () => {
  const tarball = npm(REPOSITORY, 'pack', '--pack-destination', folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'lambda-code', private: true }));
  npm(folder, 'install', join(folder, tarball), '--no-audit', '--no-fund');

  expect(installed()).toEqual(['cdk-session-table']);
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(folder, 'node_modules', name)));
  expect(files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)).toBeLessThan(3_000_000);
  const load = "process.stdout.write(typeof require('cdk-session-table/lambda-runtime').session)";
  expect(execFileSync(process.execPath, ['--eval', load], { cwd: folder, encoding: 'utf8' })).toBe('function');
});
