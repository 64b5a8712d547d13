import { randomUUID } from 'node:crypto';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBStore, MemoryStore, conversation, currentSession, session, sessionsOf } from '../../../lambda-runtime/src/index.js';
import { openCollections } from '../../../lambda-runtime/src/stores/dynamodb/open-collections.js';
import type { SessionRow, SessionStore } from '../../../lambda-runtime/src/stores.js';
import { bareEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { forEveryChoice, interleave } from '../../fixtures/interleave.js';
import type { Choose, Play } from '../../fixtures/interleave.js';
import { LOCAL_CLIENT } from '../../fixtures/session-table.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

/** What ends a user's sessions against what else happens to them, in every order in which the store can come to do it. */

jest.setTimeout(600_000);

const LIMITS = { timeLimitMs: 10_000 };
const READ = { ...LIMITS, consistentRead: true };
const TTL = 900;

interface Run {
  readonly user: string;
  readonly id: string;
  readonly otherId: string;
  /** The ids of sessions that were signed in during the run. */
  readonly fresh: string[];
}

type Program = (store: SessionStore, run: Run) => Promise<unknown>;

const inSession = (handler: (run: Run) => unknown, isNew = false, isOther = false): Program => async (store, run) => {
  const id = isOther ? run.otherId : run.id;
  return session(async () => handler(run), { store, update: true, ttl: TTL })(bareEvent(isNew ? {} : { 'session-id': id }));
};

/** These end sessions; after them none of those that they are to end may live. */
const ENDS: Record<string, Program> = {
  'destroyAll by an administrator': (store, { user }) => sessionsOf(user, { store, ttl: TTL }).destroyAll(),
  'destroyAll in the other session': inSession(({ user }) => sessionsOf(user).destroyAll(), false, true),
  'destroyOthers in the other session': inSession(({ user }) => sessionsOf(user).destroyOthers(), false, true),
};

/** What the session does meanwhile. */
const MEANWHILE: Record<string, Program> = {
  'regenerate': inSession(() => currentSession().regenerate()),
  'save': inSession(() => currentSession().set({ n: 2 })),
  'touch': inSession(() => currentSession().touch()),
  'update': inSession(() => currentSession().update(() => ({ n: 3 }))),
  'destroy': inSession(() => currentSession().destroy()),
  'list': (store, { user }) => sessionsOf(user, { store, ttl: TTL }).list(),
  'a new session signs in': inSession(({ user, fresh }) => {
    currentSession().signIn(user);
    fresh.push(currentSession().id);
  }, true),
  'the session signs in again': inSession(({ user, fresh }) => {
    currentSession().signIn(user);
    fresh.push(currentSession().id);
  }),
  'save, regenerate': inSession(() => {
    currentSession().set({ n: 2 });
    currentSession().regenerate();
  }),
  'begin a conversation, regenerate': inSession(async () => {
    await conversation().append('hello');
    currentSession().regenerate();
  }),
  'a new session signs in and begins a conversation': inSession(async ({ user, fresh }) => {
    currentSession().signIn(user);
    fresh.push(currentSession().id);
    await conversation().append('hello');
  }, true),
};

/** All rows that the store was ever given, by the keys that were written. */
function observed(store: SessionStore, keys: Set<string>): SessionStore {
  return Object.assign(Object.create(store) as SessionStore, {
    create: (...[creation, options]: Parameters<SessionStore['create']>) => {
      keys.add(creation.row.key.S!);
      return store.create(creation, options);
    },
    regenerate: (...[regeneration, options]: Parameters<SessionStore['regenerate']>) => {
      keys.add(regeneration.row.key.S!);
      return store.regenerate(regeneration, options);
    },
  } satisfies Partial<SessionStore>);
}

/** Two sessions of one user; the index item of the first must be renewed before the session is. */
async function prepare(store: SessionStore, { user, id, otherId }: Run): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  for (const key of [id, otherId]) {
    const ttl = { N: String(now + TTL / 2) };
    const row: SessionRow = {
      key: { S: key }, value: { M: { n: { N: '1' } } }, created_at: { N: String(now - 1000) }, access_counter: { N: '1' }, ttl, user: { S: user }, user_until: ttl,
    };
    await store.create({ row, beside: [{ put: { collection: { S: `user#${user}` }, item: { S: key }, ttl } }] }, LIMITS);
  }
}

/** Returns the promises that were broken in the order that is chosen. */
async function play(underTest: SessionStore, end: string, meanwhile: readonly string[], choose: Choose, losesAnswer = false): Promise<string[]> {
  const run: Run = { user: `user-${randomUUID()}`, id: `!1${randomUUID()}`, otherId: `!2${randomUUID()}`, fresh: [] };
  const keys = new Set([run.id, run.otherId]);
  const store = observed(underTest, keys);
  await prepare(store, run);
  const errors: string[] = [];
  const plays = Object.fromEntries([ENDS[end], ...meanwhile.map((name) => MEANWHILE[name])].map((program, index): [string, Play] => [
    'ABC'[index],
    { store, play: async (gated) => { await program(gated, run).catch((error: Error) => { errors.push(`${'ABC'[index]}: ${error.name}`); }); } },
  ]));
  const { order } = await interleave(plays, choose, losesAnswer);

  const { items } = await openCollections(store, 'test').query({ collection: `user#${run.user}` }, READ);
  const index = new Map(items.map((item) => [item.item.S!, item]));
  const rows = await Promise.all([...keys].map((key) => store.get(key, READ)));
  const live = rows.filter((row) => row !== undefined && row.moved_to === undefined && row.user?.S === run.user) as SessionRow[];
  const survivors = live.filter(({ key }) => !run.fresh.includes(key.S!) && !(end.startsWith('destroyOthers') && key.S === run.otherId));
  const broken = [
    ...(errors.some((error) => error.startsWith('A')) ? [`the end failed: ${errors.join()}`] : []),
    ...(errors.some((error) => !error.endsWith('SessionConflictError')) ? [`something failed: ${errors.join()}`] : []),
    ...survivors.map(() => 'a session survived'),
    ...live.filter(({ key }) => !index.has(key.S!)).map(() => 'a live session has no index item'),
    ...live.filter(({ key, ttl }) => index.has(key.S!) && Number(index.get(key.S!)!.ttl?.N ?? Infinity) < Number(ttl?.N ?? Infinity))
      .map(() => 'an index item expires before its session'),
  ];
  return broken.map((promise) => `${promise} [${end}; ${meanwhile.join('; ')}; ${order}]`);
}

async function countOrders(
  store: () => SessionStore, ends: string[], meanwhile: readonly (readonly string[])[], losesAnswer = false,
): Promise<number> {
  const broken: string[] = [];
  let orders = 0;
  for (const end of ends) {
    for (const programs of meanwhile) {
      orders += await forEveryChoice(async (choose) => { broken.push(...await play(store(), end, programs, choose, losesAnswer)); });
    }
  }
  expect(broken.slice(0, 20)).toEqual([]);
  return orders;
}

const alone = Object.keys(MEANWHILE).map((name) => [name]);

test('no session survives, and none is without its index item, in every order: memory store', async () => {
  const orders = await countOrders(() => new MemoryStore(), Object.keys(ENDS), alone);
  console.log(`memory store: ${orders} orders`);
});

test('no session survives, and none is without its index item, also when any one answer to a write is lost: memory store', async () => {
  const orders = await countOrders(() => new MemoryStore(), Object.keys(ENDS).slice(0, 1), alone, true);
  console.log(`memory store: ${orders} orders with at most one lost answer`);
});

test('neither when the session gets two new ids at the same time, as by a double click: memory store', async () => {
  const orders = await countOrders(() => new MemoryStore(), Object.keys(ENDS).slice(0, 1), [['regenerate', 'regenerate']]);
  console.log(`memory store: ${orders} orders of three`);
});

const local = useLocalDynamoDB();
testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions')('no session survives, and none is without its index item: DynamoDB Local', async () => {
  const client = new DynamoDB({ ...LOCAL_CLIENT, endpoint: local.endpoint });
  const store = new DynamoDBStore({ tableName: await local.createTable(), collectionsTableName: await local.createCollectionsTable(), client });
  const orders = await countOrders(() => store, Object.keys(ENDS).slice(0, 1), [['regenerate'], ['touch'], ['the session signs in again']]);
  client.destroy();
  console.log(`DynamoDB Local: ${orders} orders`);
});
