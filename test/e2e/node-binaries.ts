import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';

export interface NodeBinary {
  readonly majorVersion: number;
  readonly path: string;
}

/** The Node versions of Lambda's runtimes. */
export const LAMBDA_NODE_VERSIONS: readonly number[] = [22, 24];

/**
 * Node in each of those versions, installed below `folder` if need be. npm's packages that hold a Node binary are current
 * for Linux alone; elsewhere, this process's own.
 */
export async function nodeBinaries(folder: string): Promise<readonly NodeBinary[]> {
  if (process.platform !== 'linux') {
    return [{ majorVersion: Number.parseInt(process.versions.node), path: process.execPath }];
  }
  const binaries: NodeBinary[] = [];
  for (const majorVersion of LAMBDA_NODE_VERSIONS) {
    binaries.push({ majorVersion, path: await installNode(majorVersion, join(folder, `node-${majorVersion}`)) });
  }
  return binaries;
}

/** Not a devDependency, for `npm ci` has to work on every platform. */
async function installNode(majorVersion: number, folder: string): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${majorVersion}`]);
  }
  return binary;
}
