import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LANGUAGES_FOLDER } from './languages-folder';

/** The virtual environment that `npm run languages` makes. */
export const PYTHON_ENVIRONMENT = join(LANGUAGES_FOLDER, 'python');
export const INSTALLED_PYTHON = join(PYTHON_ENVIRONMENT, 'bin', 'python');

const MACHINES_PYTHONS = ['python3', 'python3.12', 'python3.11', 'python3.10'];
/** session-lambda is built on chained class properties, which Python 3.13 no longer has. */
const CHECK_VERSION = 'import sys; assert (3, 10) <= sys.version_info < (3, 13)';

/** A Python that runs session-lambda: the one that `npm run languages` installs, else one of the machine's. */
export function pythonWithSessionLambda(): string | undefined {
  return [INSTALLED_PYTHON, ...MACHINES_PYTHONS].find((python) => runs(python, `${CHECK_VERSION}; import boto3, session_lambda`));
}

/** A Python of the machine's that can make a virtual environment in which session-lambda runs. */
export function pythonWithVenv(): string | undefined {
  return MACHINES_PYTHONS.find((python) => runs(python, `${CHECK_VERSION}; import ensurepip, venv`));
}

function runs(python: string, program: string): boolean {
  // With a table's name in the environment, session-lambda would look for the table as soon as it is imported.
  const env = { ...process.env, SESSION_LAMBDA_DYNAMODB_TABLE_NAME: undefined };
  return spawnSync(python, ['-c', program], { env }).status === 0;
}
