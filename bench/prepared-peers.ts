import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { CountingProxy } from './counting-proxy';
import { invokeInFreshProcess } from './fresh-process';
import { type Answer, bundlePeer, eventAfter, type Peer, PEERS } from './peers';
import { StubDynamoDB } from './stub-dynamodb';
import { type Certificates, makeCertificates } from '../test/fixtures/certificates';
import { startLocalDynamoDB } from '../test/fixtures/local-dynamodb';
import { LOCAL_CLIENT } from '../test/fixtures/session-table';
import { temporaryDirectory } from '../test/fixtures/temporary-directory';

/** A peer's bundle, and a session of its own making in a stub. */
export interface PreparedPeer {
  readonly peer: Peer;
  readonly file: string;
  readonly bytes: number;
  /** Belongs to the visitor whose session it is. */
  readonly event: object;
  /** For a process that runs the bundle. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same over TLS, in Lambda. */
  readonly lambdaEnvironment: Readonly<Record<string, string>>;
  readonly stubs: readonly StubDynamoDB[];
}

/** Bundles every peer, and lets it make its session on DynamoDB Local, of which nothing is left running. */
export async function preparePeers(peers: readonly Peer[] = PEERS): Promise<readonly PreparedPeer[]> {
  const directory = temporaryDirectory();
  const certificates = makeCertificates(directory);
  const prepared: PreparedPeer[] = [];
  const local = await startLocalDynamoDB();
  try {
    for (const peer of peers) {
      prepared.push(await prepare(peer, join(directory, peer.id), local.endpoint, certificates));
    }
    return prepared;
  } catch (error) {
    await releasePeers(prepared);
    throw error;
  } finally {
    await local.stop();
  }
}

export async function releasePeers(peers: readonly PreparedPeer[]): Promise<void> {
  await Promise.all(peers.flatMap(({ stubs }) => stubs.map((stub) => stub.stop())));
}

/** What the process of a peer needs to know, and no more of this process's environment than Lambda would set. */
export function environmentOf(peer: Pick<Peer, 'environment'>, tableName: string, endpoint: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH!,
    TZ: ':UTC',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'IQoJb3Jp'.repeat(120), // as long as Lambda's
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    BENCH_TABLE: tableName,
    SESSION_LAMBDA_DYNAMODB_TABLE_NAME: tableName,
    ...peer.environment,
  };
}

export async function createPeerTable(dynamodb: DynamoDB, { keyAttribute }: Peer, tableName: string): Promise<void> {
  await dynamodb.createTable({
    TableName: tableName,
    KeySchema: [{ AttributeName: keyAttribute, KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: keyAttribute, AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
}

async function prepare(peer: Peer, directory: string, dynamodbEndpoint: string, certificates: Certificates): Promise<PreparedPeer> {
  mkdirSync(directory);
  const bundle = bundlePeer(peer, directory);
  const tableName = `bench-${peer.id}`;
  const dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint: dynamodbEndpoint });
  const proxy = await CountingProxy.start(dynamodbEndpoint, tableName);
  try {
    await createPeerTable(dynamodb, peer, tableName);
    const event = await visitThrice(peer, bundle.file, environmentOf(peer, tableName, proxy.endpoint));
    const { Items: items = [] } = await dynamodb.scan({ TableName: tableName });
    if (items.length !== 1) throw new Error(`${peer.name} made ${items.length} items of one session`);
    const stub = await StubDynamoDB.start(tableName, items[0]);
    const tlsStub = await StubDynamoDB.start(tableName, items[0], certificates);
    const lambdaEnvironment = {
      ...environmentOf(peer, tableName, tlsStub.endpoint),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1', // nobody asks it, but it is there in Lambda
      NODE_EXTRA_CA_CERTS: certificates.rootFile,
    };
    return { peer, ...bundle, event, environment: environmentOf(peer, tableName, stub.endpoint), lambdaEnvironment, stubs: [stub, tlsStub] };
  } finally {
    await proxy.stop();
    dynamodb.destroy();
  }
}

/** @returns the event of the next visit */
async function visitThrice(peer: Peer, file: string, environment: Readonly<Record<string, string>>): Promise<object> {
  let answer: Answer = {};
  const bodies: string[] = [];
  for (let visit = 1; visit <= 3; visit++) {
    const { result } = await invokeInFreshProcess(file, eventAfter(answer), environment);
    bodies.push(result.body);
    // A cookie need not be set again.
    answer = { headers: { ...answer.headers, ...result.headers }, cookies: result.cookies ?? answer.cookies };
  }
  if (bodies.join() !== '1,2,3') throw new Error(`${peer.name} counted ${bodies.join(', ')} instead of 1, 2, 3`);
  return eventAfter(answer);
}
