import { randomUUID } from 'node:crypto';
import type { DynamoDBCallOptions, DynamoDBClient, DynamoDBMetadata } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { FaultProxy } from '../../../fixtures/fault-proxy.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

export interface BehindFaultProxy {
  /** The proxy of the running test, which nothing has come through yet. */
  readonly proxy: FaultProxy;
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Adds one to a number on the running test's own item. */
  count(options?: DynamoDBCallOptions): Promise<DynamoDBMetadata>;
  /** How often that was applied. */
  counted(): Promise<number>;
  /** Waits until so many requests have come in. */
  requests(howMany: number): Promise<void>;
}

/** Gives each test a new client whose environment points it at a new proxy. The environment is as before afterwards. */
export function behindFaultProxy(create: () => DynamoDBClient): BehindFaultProxy {
  const local = useLocalDynamoDB();
  const environment = { ...process.env };
  let proxy: FaultProxy;
  let client: DynamoDBClient;
  let tableName: string;
  let key: { key: { S: string } };

  beforeAll(async () => { tableName = await local.createTable(); });
  beforeEach(async () => {
    proxy = await FaultProxy.start(local.endpoint);
    process.env = { ...environment, AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint };
    client = create();
    key = { key: { S: randomUUID() } };
  });
  afterEach(() => proxy.stop());
  afterAll(() => { process.env = environment; });

  return {
    get proxy() { return proxy; },
    get client() { return client; },
    get tableName() { return tableName; },
    count: (options) => client.updateItem({
      TableName: tableName,
      Key: key,
      UpdateExpression: 'ADD counted :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }, options),
    async counted() {
      const { Item } = await client.getItem({ TableName: tableName, Key: key, ConsistentRead: true });
      return Number(Item?.counted?.N ?? 0);
    },
    async requests(howMany) {
      while (proxy.seen.length < howMany) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}
