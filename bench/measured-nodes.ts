import { join } from 'node:path';
import { type NodeBinary, nodeBinaries } from '../test/fixtures/node-binaries';

/** Lambda's versions of Node, installed if need be. */
export function lambdaNodes(): Promise<readonly NodeBinary[]> {
  return nodeBinaries(join(__dirname, '..', '.e2e'));
}

/** The machine's own Node and Lambda's, the newest last. */
export async function measuredNodes(): Promise<readonly NodeBinary[]> {
  const own = { majorVersion: Number.parseInt(process.versions.node), path: process.execPath };
  const others = (await lambdaNodes()).filter(({ majorVersion }) => majorVersion !== own.majorVersion);
  return [own, ...others].sort((a, b) => a.majorVersion - b.majorVersion);
}
