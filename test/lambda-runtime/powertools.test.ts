import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { useBundles } from '../fixtures/bundled.js';
import { httpApiV2Event } from '../fixtures/events.js';
import { startLambda } from '../fixtures/lambda-runtime-api.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

const bundles = useBundles();
const dynamodb = useLocalDynamoDB();

/** Stands in for the X-Ray daemon, which the SDK sends segments to. */
const daemon = createSocket('udp4');
const segments: any[] = [];
const countedVisits = () => segments.filter(({ name }) => name === '## countVisit');

beforeAll(async () => {
  daemon.on('message', (message) => segments.push(JSON.parse(message.toString().split('\n')[1])));
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
});

afterAll(() => daemon.close());

/** The lines of a log that Powertools wrote, among those of the runtime. */
function jsonLines(log: string): any[] {
  return log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

test('the example logs, traces and counts around the session, and no session id is in it', async () => {
  const lambda = await startLambda({
    directory: bundles.bundle('examples/powertools/handler.ts'),
    handler: 'index.handler',
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      SESSION_LAMBDA_DYNAMODB_TABLE_NAME: await dynamodb.createTable(),
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    },
  });
  const first = await lambda.invoke(httpApiV2Event());
  const id = first.headers['session-id'];
  const second = await lambda.invoke(httpApiV2Event({ 'session-id': id }));
  while (countedVisits().length < 2) await once(daemon, 'message');
  const log = await lambda.stop();
  const lines = jsonLines(log);

  expect([first.body, second.body]).toEqual(['1', '2']);
  expect(lines.filter(({ message }) => message === 'visit counted').map(({ visits }) => visits)).toEqual([1, 2]);
  expect(lines.filter(({ _aws }) => _aws !== undefined)).toMatchObject([{ newVisitors: 1 }, { knownVisitors: 1 }]);
  expect(countedVisits()).toMatchObject([true, false].map((newVisitor) => ({ annotations: { newVisitor } })));
  expect(log).not.toContain(id);
  expect(JSON.stringify(segments)).not.toContain(id);
});

test('the example logs what a store fails at, and passes it on', async () => {
  const lambda = await startLambda({ directory: bundles.bundle('examples/powertools/handler.ts'), handler: 'index.handler' });
  const failure = await lambda.invoke(httpApiV2Event({ 'session-id': 'an-id-that-nobody-is-to-see' })).catch((error: Error) => error);
  const log = await lambda.stop();

  expect(failure).toMatchObject({ errorType: 'SessionStoreNotSetError' });
  expect(jsonLines(log)).toMatchObject([{ level: 'ERROR', message: 'visit not counted', error: { name: 'SessionStoreNotSetError' } }]);
  expect(log).not.toContain('an-id-that-nobody-is-to-see');
});
