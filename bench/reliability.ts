import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '../lambda-runtime/src/dynamodb/client/dynamodb-client';
import { createLightweightClient } from '../lambda-runtime/src/dynamodb/client/lightweight-client';
import { currentSession, DynamoDBStore, session } from '../lambda-runtime/src/index';
import { bareEvent } from '../test/fixtures/events';
import { FaultProxy } from '../test/fixtures/fault-proxy';
import { startLocalDynamoDB } from '../test/fixtures/local-dynamodb';
import { FAULTS, measureReliability } from '../test/fixtures/reliability';
import { createSessionTable, LOCAL_CLIENT } from '../test/fixtures/session-table';

/*
 * Measures how sessions fare while DynamoDB is made to fail, and how long 50 updates of one counter take, and puts the
 * figures into docs/reliability.md. Ends with status 1 if a promise was broken.
 */

const DOCUMENT = join(__dirname, '..', 'docs', 'reliability.md');
const FAULT_RATES = [0.01, 0.05, 0.1, 0.2, 0.5];
const SESSIONS = 32;
const UPDATES = 50;

/** At most this share of the invocations may fail at a fault rate of 20 %. */
const FAILED_AT_MOST = 0.02;

const CLIENTS: Record<string, { readonly create: () => DynamoDBClient; readonly isDefault: boolean }> = {
  'the default client': { create: createLightweightClient, isDefault: true },
  '`new DynamoDB()`': { create: () => new DynamoDB(), isDefault: false },
  '`new DynamoDB({ requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } })`': {
    create: () => new DynamoDB({ requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } }),
    isDefault: false,
  },
};

const broken: string[] = [];

async function main(): Promise<void> {
  Object.assign(process.env, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  const local = await startLocalDynamoDB();
  try {
    if (local.kind !== 'DynamoDB Local') throw new Error(`DynamoDB Local is needed, not dynalite: ${local.whyDynalite}`);
    const figures = [await parallelUpdates(local.endpoint)];
    for (const client of Object.keys(CLIENTS)) {
      figures.push(await faultTable(client, local.endpoint));
    }
    writeFigures(figures.join('\n\n'));
  } finally {
    await local.stop();
  }
  if (broken.length > 0) {
    console.error(`promises broken:\n${broken.join('\n')}`);
    process.exitCode = 1;
  }
}

async function parallelUpdates(endpoint: string): Promise<string> {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  const store = new DynamoDBStore({ tableName: await createSessionTable(endpoint) });
  const addOne = session(async () => {
    await currentSession<number>().update((n) => (n ?? 0) + 1);
  }, { store, update: true });
  const event = bareEvent({ 'session-id': 'counter' });
  const lines = ['| session | counter before | counter after | time |', '|---|---|---|---|'];
  for (const [before, name] of [[0, 'did not exist before'], [UPDATES, 'existed before']] as const) {
    const start = performance.now();
    await Promise.all(Array.from({ length: UPDATES }, () => addOne(event)));
    const seconds = (performance.now() - start) / 1000;
    const row = await store.get('counter', { timeLimitMs: 10_000, consistentRead: true });
    const after = Number(row?.value?.N);
    if (after !== before + UPDATES) broken.push(`${UPDATES} updates made ${after} of ${before}`);
    lines.push(`| ${name} | ${before} | ${after} | ${seconds.toFixed(1)} s |`);
  }
  return `### ${UPDATES} invocations at the same time, each adds one by \`update(fn)\`\n\n${lines.join('\n')}`;
}

async function faultTable(client: string, endpoint: string): Promise<string> {
  const lines = [
    '| faults | requests | invocations | failed | lost updates | doubled updates | lost saves | half saves | recreated | time |',
    '|---|---|---|---|---|---|---|---|---|---|',
  ];
  for (const faultRate of FAULT_RATES) {
    lines.push(await faultRow(client, endpoint, faultRate));
    console.log(`${client}: ${lines.at(-1)}`);
  }
  return `### ${SESSIONS} sessions at the same time, ${client}\n\n${lines.join('\n')}`;
}

async function faultRow(client: string, endpoint: string, faultRate: number): Promise<string> {
  const { create, isDefault } = CLIENTS[client];
  const proxy = await FaultProxy.start(endpoint);
  const administration = new DynamoDB({ ...LOCAL_CLIENT, endpoint });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
  const tableName = await createSessionTable(endpoint);
  const start = performance.now();
  const { invocations, failed, ...wrong } = await measureReliability({
    store: new DynamoDBStore({ tableName, client: create() }),
    table: new DynamoDBStore({ tableName, client: administration }),
    proxy,
    faultRate,
    faults: FAULTS,
    sessions: SESSIONS,
    seed: 1,
  });
  const seconds = (performance.now() - start) / 1000;
  administration.destroy();
  await proxy.stop();

  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  const where = `${client}, ${percent(faultRate)} faults`;
  if (Object.values(wrong).some((count) => count > 0)) broken.push(`${where}: ${JSON.stringify(wrong)}`);
  if (Object.keys(failed).some((name) => name !== 'SessionStoreError')) broken.push(`${where}: failed with ${JSON.stringify(failed)}`);
  if (isDefault && faultRate <= 0.2 && failures > invocations * FAILED_AT_MOST) broken.push(`${where}: ${failures} of ${invocations} failed`);
  const { lostUpdates, doubledUpdates, lostSaves, halfSaves, resurrected } = wrong;
  const columns = [
    percent(faultRate), proxy.seen.length, invocations, `${failures} (${(100 * failures / invocations).toFixed(1)} %)`,
    lostUpdates, doubledUpdates, lostSaves, halfSaves, resurrected, `${seconds.toFixed(0)} s`,
  ];
  return `| ${columns.join(' | ')} |`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function writeFigures(figures: string): void {
  const [head, tail] = [/^[^]*<!-- figures -->\n/, /<!-- end of figures -->[^]*$/].map((part) => part.exec(readFileSync(DOCUMENT, 'utf8'))?.[0]);
  if (head === undefined || tail === undefined) throw new Error(`${DOCUMENT} has no place for the figures: <!-- figures --> … <!-- end of figures -->`);
  writeFileSync(DOCUMENT, `${head}\n${figures}\n\n${tail}`);
  console.log(figures);
}

void main();
