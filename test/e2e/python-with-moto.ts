import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** Fails where the version is another one, or the parts that the server needs are missing, or what checks templates. */
const CHECK_MOTO = 'import sys, cfnlint, hcl2, moto, moto.server, moto.cloudformation.parsing; sys.exit(moto.__version__ != sys.argv[1])';
/** Prints where this Python is, for the command may be a wrapper. Fails where moto cannot be installed for it. */
const CHECK_PYTHON = 'import ensurepip, sys, venv; assert sys.version_info >= (3, 10); print(sys.executable)';

/**
 * A Python that has moto as requirements.txt pins it: the machine's own, or else one in a virtual environment below
 * `folder`, which is made if need be. Undefined where there is no Python 3.10 or newer with `venv` and `ensurepip`.
 */
export async function pythonWithMoto(folder: string): Promise<string | undefined> {
  const python = await outcome(run('python3', ['-c', CHECK_PYTHON]));
  if (python instanceof Error) return undefined;
  const machines = python.trim();
  if (await hasMoto(machines)) return machines;

  const environment = join(folder, 'python');
  const own = join(environment, 'bin', 'python');
  if (!existsSync(own) || !await hasMoto(own)) {
    await run(machines, ['-m', 'venv', '--clear', environment]);
    await run(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
  }
  return own;
}

async function hasMoto(python: string): Promise<boolean> {
  const version = /^moto\[.*\]==(.+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))![1];
  return !(await outcome(run(python, ['-c', CHECK_MOTO, version])) instanceof Error);
}

/** The answer is what is asked for here, be it a failure. */
function outcome(command: Promise<string>): Promise<string | Error> {
  return command.catch((error: Error) => error);
}
