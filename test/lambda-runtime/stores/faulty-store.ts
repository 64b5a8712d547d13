import { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { DynamoDBStore } from '../../../lambda-runtime/src/stores/dynamodb/dynamodb-store.js';
import type { SessionStore } from '../../../lambda-runtime/src/stores/store.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { LOCAL_CLIENT } from '../../fixtures/session-table.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

export interface FaultyStore {
  readonly proxy: FaultProxy;
  /** Goes through the proxy. */
  readonly store: SessionStore;
  /** Goes past the proxy to the same table, as other invocations do. */
  readonly others: SessionStore;
}

/** Gives each test a new table behind a new proxy, to which the environment points. The environment is as before afterwards. */
export function useFaultyStore(create: () => DynamoDBClient, give: (faulty: FaultyStore) => void): void {
  const local = useLocalDynamoDB();
  const environment = { ...process.env };
  const administration = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
  let proxy: FaultProxy;

  beforeEach(async () => {
    const tableName = await local.createTable();
    proxy = await FaultProxy.start(local.endpoint);
    process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
    give({
      proxy,
      store: new DynamoDBStore({ tableName, client: create() }),
      others: new DynamoDBStore({ tableName, client: administration }),
    });
  });
  afterEach(async () => {
    process.env = { ...environment };
    await proxy.stop();
  });
  afterAll(() => administration.destroy());
}
