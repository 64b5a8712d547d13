import { deepStrictEqual } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CDK_VERSION, generatePackage } from './generated-package';
import { REPOSITORY } from './languages-folder';
import { INSTALLED_PYTHON, PYTHON_ENVIRONMENT, pythonWithVenv } from './python-environment';
import { type SessionParts, summary, synthesise } from './synthesised-app';
import { run } from '../e2e/run';
import type { Steps } from '../e2e/steps';

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
}

async function pip(...args: string[]): Promise<void> {
  await run(INSTALLED_PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
}
