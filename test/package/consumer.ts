import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = join(__dirname, '..', '..');
/** What a CDK app in TypeScript has installed. The AWS SDK is not among it. */
const INSTALLED = ['aws-cdk-lib', 'constructs', 'esbuild', 'typescript', '@types/node'];

/**
 * A CDK app outside this repository that has the packed package installed, and beside it only what such an app has.
 * Nothing is fetched: the tarball is unpacked where npm would put it, the rest is linked from this repository.
 */
export class Consumer {
  static async create(): Promise<Consumer> {
    const consumer = new Consumer(mkdtempSync(join(tmpdir(), 'cdk-session-table-consumer-')));
    cpSync(join(__dirname, 'consumer-app'), consumer.folder, { recursive: true });
    writeFileSync(join(consumer.folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
    // NodejsFunction takes the folder of the lock file for the project's root.
    writeFileSync(join(consumer.folder, 'package-lock.json'), '{}');

    await consumer.installPackedPackage();
    INSTALLED.forEach((name) => consumer.link(join(REPOSITORY, 'node_modules', name), name));
    consumer.link(join('..', 'esbuild', 'bin', 'esbuild'), join('.bin', 'esbuild'));
    return consumer;
  }

  /** The folder of the installed package. */
  readonly packageFolder: string;

  private constructor(readonly folder: string) {
    this.packageFolder = join(folder, 'node_modules', 'cdk-session-table');
  }

  /** Runs Node in the app's folder and returns what it prints. */
  run(args: string[], environment: Record<string, string> = {}): Promise<string> {
    return this.execute(process.execPath, args, environment);
  }

  /** Runs any other command there. */
  async execute(command: string, args: string[], environment: Record<string, string> = {}): Promise<string> {
    return (await this.executeAll(command, args, environment)).stdout;
  }

  /** The same, with what it writes to stderr. */
  executeAll(command: string, args: string[], environment: Record<string, string> = {}): Promise<Output> {
    return execute(command, args, this.folder, environment);
  }

  /** Runs a command of an installed package, for instance `typescript/bin/tsc`. */
  runInstalled(command: string, ...args: string[]): Promise<string> {
    return this.run([join('node_modules', command), ...args]);
  }

  /** Installs a package, or a command of one, that is elsewhere on this machine. */
  link(target: string, name: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async installPackedPackage(): Promise<void> {
    await execute('npm', ['pack', '--silent', '--pack-destination', this.folder], REPOSITORY);
    const tarball = readdirSync(this.folder).find((file) => file.endsWith('.tgz'))!;
    mkdirSync(this.packageFolder, { recursive: true });
    await execute('tar', ['-xzf', tarball, '-C', this.packageFolder, '--strip-components=1'], this.folder);
  }
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** With nothing in the environment but the paths: neither the settings of the npm that runs the tests nor any for AWS. */
async function execute(command: string, args: string[], cwd: string, environment: Record<string, string> = {}): Promise<Output> {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, npm_config_offline: 'true', npm_config_update_notifier: 'false', ...environment };
  try {
    return await promisify(execFile)(command, args, { cwd, env });
  } catch (error) {
    const { stdout } = error as { stdout?: string }; // where tsc writes what is wrong; the message has stderr
    throw new Error(`${(error as Error).message}\n${stdout ?? ''}`, { cause: error });
  }
}
