import { conversation, session } from '../../../lambda-runtime/src/index.js';
import type { SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { faultyCollections } from '../../fixtures/faulty-collections.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

jest.setTimeout(300_000);

const local = useLocalDynamoDB();
const testFaults = testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions and does not return the row on which a condition failed');

async function visit<T>(store: SessionStore, handler: () => Promise<T>): Promise<T> {
  let result!: T;
  await session(async () => { result = await handler(); }, { store, update: true, ttl: 900 })(bareEvent({ 'session-id': 'id' }));
  return result;
}

const allEntries = (store: SessionStore) => visit(store, () => conversation<number>().recent(1000));

for (const rate of [0, 0.05, 0.2, 0.5]) {
  testFaults(`100 appends at the same time: none lost, none doubled, with ${rate * 100} % faults`, async () => {
    const { store, others, stop } = await faultyCollections(local, rate);
    const reports = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => visit(store, () => conversation<number>().append(n))));
    const reported = reports.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    const entries = await allEntries(others);
    await stop();

    expect(reported.filter((n) => !entries.includes(n))).toEqual([]);
    expect(entries.filter((n, index) => entries.indexOf(n) !== index)).toEqual([]);
    expect(100 - reported.length).toBeLessThanOrEqual(rate > 0.2 ? 40 : 2);
    console.log(`appends, ${rate * 100} % faults: ${100 - reported.length} of 100 reported as failed`);
  });
}

for (const rate of [0.2, 0.5]) {
  testFaults(`40 removals at the same time remove each entry once, with ${rate * 100} % faults`, async () => {
    const { store, others, stop } = await faultyCollections(local, rate);
    await visit(others, () => conversation<number>().append(...Array.from({ length: 20 }, (_, n) => n)));
    for (let n = 20; n < 40; n++) await visit(others, () => conversation<number>().append(n));

    const removed: number[] = [];
    const reports = await Promise.allSettled(Array.from({ length: 40 }, () => visit(store, async () => {
      const entry = await conversation<number>().removeLast();
      if (entry !== undefined) removed.push(entry);
    })));
    const failed = reports.filter(({ status }) => status === 'rejected').length;
    const left = await allEntries(others);
    await stop();

    expect(removed.filter((n, index) => removed.indexOf(n) !== index)).toEqual([]);
    expect(removed.filter((n) => left.includes(n))).toEqual([]);
    expect(40 - left.length - removed.length).toBeLessThanOrEqual(failed);
    console.log(`removals, ${rate * 100} % faults: ${failed} of 40 reported as failed, ${left.length} entries left`);
  });

  testFaults(`changes that are sent three times are applied once, with ${rate * 100} % faults`, async () => {
    const { store, others, stop } = await faultyCollections(local, rate);
    const reports = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => n).flatMap((n) =>
      [1, 2, 3].map(() => visit(store, () => conversation<number>().applyOnce(`operation ${n}`, { append: [n] })).then(() => n))));
    const reported = new Set(reports.flatMap((report) => (report.status === 'fulfilled' ? [report.value] : [])));
    const entries = await allEntries(others);
    await stop();

    expect([...reported].filter((n) => !entries.includes(n))).toEqual([]);
    expect(entries.filter((n, index) => entries.indexOf(n) !== index)).toEqual([]);
  });
}

testFaults('a removal whose answer is lost is not done again', async () => {
  const { store, others, proxy, stop } = await faultyCollections(local, 0);
  await visit(others, () => conversation<number>().append(1, 2));
  proxy.next('none', 'none', 'reset after it is applied'); // the session, the newest entries, the removal

  expect(await visit(store, () => conversation<number>().removeLast())).toBe(2);
  expect(await allEntries(others)).toEqual([1]);
  await stop();
});
