import {
  DynamoDBStore, conversation, cookieTransport, currentSession, getSessionData, session, sessionsOf, setSessionData, useSessionIdFromSeed,
} from '../../../lambda-runtime/src/index.js';
import { COLLECTIONS_ACTIONS, COLLECTIONS_READ_ACTIONS, TABLE_ACTIONS, TABLE_READ_ACTIONS } from '../../../src/private/runtime-permissions';
import { bareEvent, webSocketEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import type { SeenRequest } from '../../fixtures/fault-proxy.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

const local = useLocalDynamoDB();
const testWithTransactions = testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions');
const EVENT = bareEvent({ 'session-id': 'id' });

let proxy: FaultProxy;
beforeEach(async () => {
  proxy = await FaultProxy.start(local.endpoint);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
  process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = await local.createTable();
});
afterEach(async () => {
  await proxy.stop();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = local.endpoint;
  delete process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME;
  delete process.env.SESSION_LAMBDA_COLLECTIONS_TABLE_NAME;
  delete process.env.SESSION_LAMBDA_READ_ONLY;
});

/** The actions by which AWS authorises what was sent to a table; a transaction by those of its items. */
function actionsSent(tableName = process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME): string[] {
  const actions = proxy.seen.flatMap(actionsOf).filter(({ table }) => table === tableName).map(({ action }) => action);
  return [...new Set(actions)].sort();
}

function actionsOf({ operation, body }: SeenRequest): { action: string; table: string }[] {
  const input = JSON.parse(body.toString()) as { TableName: string; TransactItems: Record<string, { TableName: string }>[] };
  return operation === 'TransactWriteItems'
    ? input.TransactItems.flatMap(Object.entries).map(([kind, { TableName: table }]) => (
      { action: kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`, table }
    ))
    : [{ action: `dynamodb:${operation}`, table: input.TableName }];
}

testWithTransactions('all that the runtime sends is granted, and all that is granted is sent', async () => {
  const withSession = session({ update: true, ttl: 900, touchAfter: 0 });
  await withSession(() => setSessionData({ a: 1 }))(EVENT); // create
  await withSession(() => setSessionData({ a: 2 }))(EVENT); // save
  await withSession(() => currentSession().touch())(EVENT);
  await withSession(() => currentSession().update(() => ({ a: 3 })))(EVENT);
  await withSession(() => useSessionIdFromSeed('seed'))(EVENT);
  await withSession(() => getSessionData())(webSocketEvent('CONNECT', 'connection', { 'session-id': 'id' }));
  await withSession(() => getSessionData())(webSocketEvent('MESSAGE', 'connection'));
  await withSession(() => getSessionData())(webSocketEvent('DISCONNECT', 'connection'));
  await session(() => setSessionData(1), { transport: cookieTransport(), hashIds: true })(EVENT);
  await withSession(() => currentSession().regenerate())(EVENT);
  await withSession(() => currentSession().destroy())(bareEvent({ 'session-id': 'other' }));

  expect(actionsSent()).toEqual([...TABLE_ACTIONS].sort());
});

test('attached for reading alone it sends what is granted for that, and nothing else', async () => {
  await session(() => setSessionData({ a: 1 }))(EVENT);
  proxy.seen.length = 0;
  process.env.SESSION_LAMBDA_READ_ONLY = '1';

  const reader = session({ update: true, ttl: 900, touchAfter: 0 });
  expect(await reader(() => getSessionData())(EVENT)).toEqual({ a: 1 });
  await reader(() => getSessionData())(bareEvent());
  await reader(() => getSessionData())(webSocketEvent('CONNECT', 'connection', { 'session-id': 'id' }));
  await reader(() => getSessionData())(webSocketEvent('MESSAGE', 'connection'));

  expect(actionsSent()).toEqual([...TABLE_READ_ACTIONS].sort());
});

testWithTransactions('all that the runtime sends to the collections table is granted', async () => {
  const collections = await local.createCollectionsTable();
  process.env.SESSION_LAMBDA_COLLECTIONS_TABLE_NAME = collections;
  const withSession = session({ update: true, ttl: 900 });
  await withSession(async () => {
    await conversation<string>().append('first', 'second');
    await conversation<string>().append('third');
    await conversation<string>().recent(2);
    await conversation<string>().removeLast();
    await conversation<string>().removeLast();
    for await (const entry of conversation<string>()) expect(entry).toBe('first');
    await conversation<string>().clear();
  })(EVENT);

  const sent = actionsSent(collections);
  expect(sent).toEqual(expect.arrayContaining(['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query']));
  expect(sent.filter((action) => !COLLECTIONS_ACTIONS.includes(action))).toEqual([]);
});

testWithTransactions('all that is sent for the sessions of users is granted', async () => {
  const collections = await local.createCollectionsTable();
  process.env.SESSION_LAMBDA_COLLECTIONS_TABLE_NAME = collections;
  const withSession = session({ update: true, ttl: 900, touchAfter: 0 });
  const signIn = async () => await withSession(() => {
    currentSession().signIn('ada');
    return currentSession().id;
  })(EVENT) as string;
  const asAda = async (run: () => unknown) => withSession(run)(bareEvent({ 'session-id': await signIn() }));
  await asAda(() => currentSession().touch());
  await asAda(() => currentSession().regenerate());
  await asAda(() => currentSession().signIn('grace'));
  await asAda(() => currentSession().destroy());
  const doubleClick = bareEvent({ 'session-id': await signIn() });
  await Promise.all([1, 2, 3].map(() => withSession(() => currentSession().regenerate())(doubleClick)));
  await asAda(async () => sessionsOf('ada').destroy((await sessionsOf('ada').list())[0].handle));
  await asAda(() => sessionsOf('ada').destroyOthers());
  await asAda(() => sessionsOf('ada').destroyAll());

  expect(actionsSent().filter((action) => !TABLE_ACTIONS.includes(action))).toEqual([]);
  expect(actionsSent(collections).filter((action) => !COLLECTIONS_ACTIONS.includes(action))).toEqual([]);
});

testWithTransactions('attached for reading alone it lists the sessions of a user, also if one of them is gone, and deletes nothing', async () => {
  const collections = await local.createCollectionsTable();
  process.env.SESSION_LAMBDA_COLLECTIONS_TABLE_NAME = collections;
  const signIn = session(() => {
    currentSession().signIn('ada');
    return currentSession().id;
  }, { update: true, ttl: 900 });
  const [gone] = [await signIn(bareEvent()), await signIn(bareEvent())];
  await new DynamoDBStore({ tableName: process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME! }).destroy(gone as string, { timeLimitMs: 10_000 });
  proxy.seen.length = 0;
  process.env.SESSION_LAMBDA_READ_ONLY = '1';

  expect(await session(() => sessionsOf('ada').list(), { update: true, ttl: 900 })(EVENT)).toHaveLength(1);
  expect(actionsSent(collections)).toEqual(['dynamodb:Query']);
  expect(actionsSent()).toEqual(TABLE_READ_ACTIONS);
});

test('attached for reading alone it only reads the collections table', async () => {
  const collections = await local.createCollectionsTable();
  process.env.SESSION_LAMBDA_COLLECTIONS_TABLE_NAME = collections;
  await session({ update: true })(() => conversation<string>().append('hello'))(EVENT);
  proxy.seen.length = 0;
  process.env.SESSION_LAMBDA_READ_ONLY = '1';

  const read = await session({ update: true })(async () => {
    await expect(conversation<string>().append('denied')).rejects.toThrow();
    return conversation<string>().recent(10);
  })(EVENT);

  expect(read).toEqual(['hello']);
  expect(actionsSent(collections).filter((action) => !COLLECTIONS_READ_ACTIONS.includes(action))).toEqual([]);
  expect(actionsSent()).toEqual(TABLE_READ_ACTIONS);
});
