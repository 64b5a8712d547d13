import { deepStrictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { COUNTER } from './app-in-typescript';
import { CDK_VERSION, generatePackage, PACKAGE_VERSION } from './generated-package';
import { LANGUAGES_FOLDER } from './languages-folder';
import { type SessionParts, summary, synthesise } from './synthesised-app';
import type { Steps } from '../e2e/steps';

const APP = join(__dirname, 'java-app');
/** Maven's local repository, apart from the user's: Maven would not replace a package of the same version there. */
const PACKAGES = join(LANGUAGES_FOLDER, 'maven');

export async function checkJava(steps: Steps, expected: SessionParts): Promise<void> {
  const missing = ['javac', 'mvn'].find((command) => spawnSync(command, ['--version']).status !== 0);
  if (missing !== undefined) {
    steps.skip('Java', `there is no ${missing}`);
    return;
  }
  await steps.take('the package for Java is generated and compiled', async () => {
    await generatePackage('java', '--maven-local-repository', PACKAGES);
    return `cdk-session-table ${PACKAGE_VERSION}`;
  });
  await steps.take('an app in Java makes the table, the policies and the environment that TypeScript makes', async () => {
    const parts = await synthesise('JavaExample', 'mvn', [
      '--quiet', '--batch-mode', `-Dmaven.repo.local=${PACKAGES}`,
      `-Dbuild.folder=${join(LANGUAGES_FOLDER, 'java-app')}`,
      `-Dgenerated.version=${PACKAGE_VERSION}`, `-Dcdk.version=${CDK_VERSION}`,
      'compile', 'org.codehaus.mojo:exec-maven-plugin:3.5.0:java', '-Dexec.mainClass=SessionsApp', `-Dexec.arguments=${COUNTER}`,
    ], APP);
    deepStrictEqual(parts, expected);
    return summary(parts);
  });
}
