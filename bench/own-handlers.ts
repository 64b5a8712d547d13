import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePeer, type Peer, PEERS } from './peers';

export const OURS = PEERS.find(({ id }) => id === 'cdk-session-table')!;

/** Our runtime with bench/handlers/stored-session.mjs. */
export function withStoredSession(kilobytes: number): Peer {
  return {
    ...OURS,
    name: `${OURS.name}, session of ${kilobytes} kB`,
    id: `${OURS.id}-${kilobytes}-kB`,
    entry: '../handlers/stored-session.mjs',
    environment: { BENCH_KILOBYTES: `${kilobytes}` },
  };
}

/** @returns the bundle's file */
export function bundleInto(directory: string, peer: Peer): string {
  const own = join(directory, peer.id);
  mkdirSync(own, { recursive: true });
  return bundlePeer(peer, own).file;
}
