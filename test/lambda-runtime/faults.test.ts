import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBStore } from '../../lambda-runtime/src/index.js';
import { testWhere } from '../fixtures/every-store.js';
import { FaultProxy } from '../fixtures/fault-proxy.js';
import { measureReliability } from '../fixtures/reliability.js';
import { LOCAL_CLIENT } from '../fixtures/session-table.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';
import { describeBothClients } from './dynamodb/both-clients.js';

const local = useLocalDynamoDB();
const testFaults = testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions and does not return the row on which a condition failed');

describeBothClients((create) => {
  test.each([0.2, 0.5])('try %d', async (faultRate) => {
    const proxy = await FaultProxy.start(local.endpoint);
    const administration = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
    const tableName = await local.createTable();
    process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
    const t = Date.now();
    const figures = await measureReliability({ store: new DynamoDBStore({ tableName, client: create() }), table: new DynamoDBStore({ tableName, client: administration }), proxy, faultRate, sessions: 32, seed: 1 });
    console.log(figures, Date.now() - t, proxy.seen.length);
    await proxy.stop();
  }, 200_000);
});
void testFaults;
