import { currentSession, session, sessionsOf } from '../../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../../lambda-runtime/src/index.js';
import { openCollections } from '../../../lambda-runtime/src/stores/dynamodb/open-collections.js';
import { bareEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { faultyCollections } from '../../fixtures/faulty-collections.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

jest.setTimeout(600_000);

const local = useLocalDynamoDB();
const testFaults = testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions and does not return the row on which a condition failed');
const READ = { timeLimitMs: 10_000, consistentRead: true };

/** The keys of all rows that the store was asked to put. */
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

async function visit(store: SessionStore, id: string | undefined, handler: () => unknown): Promise<string | undefined> {
  const response = await session(async () => {
    await handler();
    return { statusCode: 200, headers: {} as Record<string, string> };
  }, { store, update: true, ttl: 900 })(bareEvent(id === undefined ? {} : { 'session-id': id }));
  return response.headers['session-id'] || id;
}

/** Retries until it succeeds, as a client would. */
async function persistently(work: () => Promise<unknown>): Promise<number> {
  for (let failures = 0; ; failures++) {
    const hasSucceeded = await work().then(() => true, () => false);
    if (hasSucceeded) return failures;
  }
}

for (const rate of [0.01, 0.05, 0.1, 0.2, 0.5]) {
  testFaults(`no session survives destroyAll, and none is without its index item, with ${rate * 100} % faults`, async () => {
    const faulty = await faultyCollections(local, rate);
    const keys = new Set<string>();
    const store = observed(faulty.store, keys);
    let failed = 0;
    const attempt = (work: () => Promise<unknown>) => work().catch(() => { failed++; });
    const user = 'ada';

    await Promise.all(Array.from({ length: 24 }, async (_, index) => {
      let id: string | undefined;
      await attempt(async () => { id = await visit(store, undefined, () => currentSession().signIn(user, { label: `${index}` })); });
      await Promise.all([
        attempt(async () => { await visit(store, id, () => currentSession<number>().set(1)); }),
        attempt(async () => { id = await visit(store, id, () => currentSession().regenerate()); }),
      ]);
      if (index % 4 === 0) await attempt(() => visit(store, id, () => currentSession().destroy()));
    }));

    const rowsOf = async () => {
      const rows = await Promise.all([...keys].map((key) => faulty.others.get(key, READ)));
      return rows.filter((row) => row?.user?.S === user);
    };
    const { items } = await openCollections(faulty.others, 'test').query({ collection: `user#${user}` }, READ);
    const indexed = new Set(items.map(({ item }) => item.S!));
    const withoutIndex = (await rowsOf()).filter((row) => !indexed.has(row!.key.S!)).length;

    const alive = (await rowsOf()).length;
    const retries = await persistently(() => sessionsOf(user, { store, ttl: 900 }).destroyAll());
    const survivors = (await rowsOf()).length;
    await faulty.stop();
    console.log(`${rate * 100} % faults: ${failed} invocations failed; of ${alive} sessions ${survivors} survived, ${withoutIndex} without index item; destroyAll called ${retries + 1} times`);

    expect({ survivors, withoutIndex }).toEqual({ survivors: 0, withoutIndex: 0 });
    expect(alive).toBeGreaterThan(10);
  });
}

testFaults('destroyAll ends 1,000 sessions in bounded time and memory', async () => {
  const { store, others, proxy, stop } = await faultyCollections(local, 0);
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(Array.from({ length: 50 }, () => visit(others, undefined, () => currentSession().signIn('ada'))));
  }
  proxy.seen.length = 0;
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  await sessionsOf('ada', { store, ttl: 900 }).destroyAll();
  const seconds = (performance.now() - started) / 1000;
  const calls = proxy.seen.length;
  await stop();
  console.log(`1,000 sessions: ${calls} calls, ${seconds.toFixed(1)} s, ${((process.memoryUsage().heapUsed - before) / 1e6).toFixed(0)} MB more heap`);

  const retriesOnABusyMachine = 100;
  expect(calls).toBeLessThan(3 * 1000 + 10 + retriesOnABusyMachine);
  expect((await openCollections(others, 'test').query({ collection: 'user#ada' }, READ)).items).toEqual([]);
});
