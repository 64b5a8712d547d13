import { join } from 'node:path';
import { type LocalServer, startLocalServer } from '../fixtures/local-server';

/** moto stands in for AWS. */
export function startMotoServer(python: string): Promise<LocalServer> {
  return startLocalServer('moto', python, (port) => [join(__dirname, 'moto_server.py'), '-p', port]);
}
