import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LANGUAGES_FOLDER, REPOSITORY } from './languages-folder';
import { run } from '../e2e/run';

const PACMAK = join(dirname(require.resolve('jsii-pacmak/package.json')), 'bin', 'jsii-pacmak');
const GENERATED = join(LANGUAGES_FOLDER, 'generated');

/** The version of aws-cdk-lib that the package is compiled with, and so tried with in other languages. */
export const CDK_VERSION = versionIn(require.resolve('aws-cdk-lib/package.json'));
export const PACKAGE_VERSION = versionIn(join(REPOSITORY, 'package.json'));

/** Generates and builds the compiled package for another language; returns the folder that then holds it. */
export async function generatePackage(language: 'python' | 'java', ...options: string[]): Promise<string> {
  const folder = join(GENERATED, language);
  rmSync(folder, { recursive: true, force: true });
  await run(process.execPath, [PACMAK, '--target', language, '--outdir', GENERATED, ...options], { cwd: REPOSITORY });
  return folder;
}

function versionIn(packageJson: string): string {
  return JSON.parse(readFileSync(packageJson, 'utf8')).version;
}
