import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { invokeInFreshProcess } from '../../bench/fresh-process';
import { type Answer, bundlePeer, eventAfter, PEERS } from '../../bench/peers';
import { environmentOf } from '../../bench/prepared-peers';
import { temporaryDirectory } from '../fixtures/temporary-directory';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb';

const local = useLocalDynamoDB();

// The packages of the others are installed by the benchmark, which checks the same of all.
test.each(PEERS.filter(({ id }) => ['cdk-session-table', 'floor'].includes(id)))('$name counts the visits of a client, and only reads at /read', async (peer) => {
  const directory = join(temporaryDirectory(), peer.id);
  mkdirSync(directory);
  const { file } = bundlePeer(peer, directory);
  const environment = environmentOf(peer, await local.createTable(), local.endpoint);
  const visit = async (event: object) => (await invokeInFreshProcess(file, event, environment)).result;

  const first = await visit(eventAfter());
  const second = await visit(eventAfter(first));
  const read = await visit({ ...eventAfter(first as Answer), rawPath: '/read' });
  const third = await visit(eventAfter(second));

  expect([first, second, read, third].map(({ body }) => body)).toEqual(['1', '2', '2', '3']);
});
