import { once } from 'node:events';
import { join } from 'node:path';
import { functionUrl } from './function-url';
import { close, endpointOf } from '../../../test/fixtures/listening';
import { temporaryDirectory } from '../../../test/fixtures/temporary-directory';
import { LocalCloud } from '../../article/demo/local-cloud';
import { SynthesisedApp } from '../../article/demo/synthesised-app';

export interface LocalChat {
  readonly url: string;
  readonly cloud: LocalCloud;
  /** The name of the table that holds the sessions. */
  readonly sessionTableName: string;
  stop(): Promise<void>;
}

/** Synthesises the app and serves what would be deployed, on 127.0.0.1. A port of 0 stands for any free one. */
export async function startLocalChat(port: number): Promise<LocalChat> {
  const app = await SynthesisedApp.synthesise(join(__dirname, '..', 'app.ts'), 'Chat', temporaryDirectory());
  const cloud = await LocalCloud.start(app);
  const configuration = cloud.configurationOf('Function');
  const server = functionUrl(() => cloud.startFunction(configuration));
  const stop = async () => {
    if (server.listening) await close(server);
    await cloud.stop();
  };
  try {
    if (cloud.kind !== 'DynamoDB Local') throw new Error(`the chat needs DynamoDB Local, not dynalite, which has no transactions: ${cloud.whyDynalite}`);
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: endpointOf(server), cloud, sessionTableName: configuration.environment.SESSION_LAMBDA_DYNAMODB_TABLE_NAME, stop };
}
