import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CDK_VERSION, generatePackage } from './generated-package';
import { REPOSITORY } from './languages-folder';
import { INSTALLED_PYTHON, PYTHON_ENVIRONMENT, pythonWithVenv } from './python-environment';
import { type SessionParts, summary, synthesise } from './synthesised-app';
import { codeBlocks } from '../docs/code-blocks';
import { run } from '../e2e/run';
import type { Steps } from '../e2e/steps';
import { temporaryDirectory } from '../fixtures/temporary-directory';

const EXAMPLE = join(REPOSITORY, 'examples', 'python');

/** Leaves a virtual environment behind in which test/lambda-runtime/stores/python-interop.test.ts can run session-lambda. */
export async function checkPython(steps: Steps, expected: SessionParts): Promise<void> {
  const python = pythonWithVenv();
  if (python === undefined) {
    steps.skip('Python', 'there is no Python 3.10 to 3.12 with its modules venv and ensurepip');
    return;
  }
  let wheel: string;

  await steps.take('the package for Python is generated and built', async () => {
    const folder = await generatePackage('python');
    const file = readdirSync(folder).find((name) => name.endsWith('.whl'))!;
    wheel = join(folder, file);
    return file;
  });
  await steps.take('it is installed in a virtual environment, with aws-cdk-lib, boto3 and session-lambda', async () => {
    await run(python, ['-m', 'venv', PYTHON_ENVIRONMENT]);
    await pip(`aws-cdk-lib==${CDK_VERSION}`, 'boto3', '--requirement', join(EXAMPLE, 'chat', 'requirements.txt'), wheel);
    await pip('--force-reinstall', '--no-deps', wheel); // its version is the same every time
    return run(INSTALLED_PYTHON, ['--version']);
  });
  await steps.take('the example in Python makes the table, the policies and the environment that TypeScript makes', async () => {
    const parts = await synthesise('PythonExample', INSTALLED_PYTHON, ['app.py'], EXAMPLE);
    deepStrictEqual(parts, expected);
    return summary(parts);
  });
  await steps.take('the block in Python of docs/languages.md does as much, in a folder with nothing but what that page asks for', async () => {
    const parts = await synthesise('Visits', INSTALLED_PYTHON, ['app.py'], await appOfThePage(), ['node_modules/.bin']);
    deepStrictEqual(Object.keys(parts.tables), Object.keys(expected.tables));
    return summary(parts);
  });
}

/** A folder outside the repository: the page's block, the handler of the README, and what esbuild needs. */
async function appOfThePage(): Promise<string> {
  const folder = temporaryDirectory();
  const [{ code: app }] = codeBlocks().filter(({ language, file }) => language === 'python' && file === 'docs/languages.md');
  const [{ code: handler }] = codeBlocks().filter(({ name }) => name === 'README.md deploy');
  mkdirSync(join(folder, 'lambda'));
  writeFileSync(join(folder, 'app.py'), app);
  writeFileSync(join(folder, 'lambda', 'visits.ts'), handler);
  const tarball = (await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: REPOSITORY })).trim();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { 'cdk-session-table': `file:${tarball}` }, devDependencies: { esbuild: '*' } }));
  await run('npm', ['install', '--omit', 'peer', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], { cwd: folder });
  return folder;
}

async function pip(...args: string[]): Promise<void> {
  await run(INSTALLED_PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
}
