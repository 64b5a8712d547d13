import { DynamoDBStore, SessionStoreError, currentSession, session } from '../../../lambda-runtime/src/index.js';
import type { Session, SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import type { Fault } from '../../fixtures/fault-proxy.js';
import { FAULTS, measureReliability } from '../../fixtures/reliability.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';
import { describeBothClients } from '../dynamodb/client/both-clients.js';
import { useFaultyStore } from '../stores/faulty-store.js';

interface Counter { n: number; [field: string]: number }

const READ = { timeLimitMs: 10_000, consistentRead: true };
const local = useLocalDynamoDB();
const testFaults = testWhere(local.kind === 'DynamoDB Local', 'dynalite has no transactions and does not return the row on which a condition failed');

const oneMore = (data: Counter | null) => ({ ...data, n: (data?.n ?? 0) + 1 });

describeBothClients((create) => {
  let proxy: FaultProxy;
  let store: SessionStore;
  let others: SessionStore;
  useFaultyStore(create, (faulty) => { ({ proxy, store, others } = faulty); });

  type Handler = (current: Session<Counter>) => unknown;

  /** One invocation that presents the id `id`; returns the id in the response. */
  async function visit(through: SessionStore, handler: Handler, options: SessionOptions = {}, context?: object): Promise<string> {
    const wrapped = session(async () => {
      await handler(currentSession<Counter>());
      return { statusCode: 200, headers: {} as Record<string, string> };
    }, { store: through, update: true, ...options });
    return (await wrapped(bareEvent({ 'session-id': 'id' }), context)).headers['session-id'];
  }

  const rowOf = (id = 'id') => others.get(id, READ);
  const dataOf = async (id?: string) => (await rowOf(id))?.value;
  const map = (fields: Record<string, number>) => ({ M: Object.fromEntries(Object.entries(fields).map(([name, n]) => [name, { N: String(n) }])) });
  const given = (data: Counter) => visit(others, (current) => current.set(data));
  /** The request that loads the session is served; the next one, its write, meets the faults. */
  const writeMeets = (...faults: Fault[]) => proxy.next('none', ...faults);
  const operations = () => proxy.seen.map(({ operation }) => operation);

  describe('a write whose answer is lost is done once', () => {
    testFaults('a creation under an id that the client made', async () => {
      writeMeets('reset after it is applied');

      expect(await visit(store, (current) => current.set({ n: 1 }))).toBe('id');
      expect(await rowOf()).toMatchObject({ value: map({ n: 1 }), access_counter: { N: '1' } });
    });

    testFaults('a creation, although others have saved to the session meanwhile', async () => {
      writeMeets('reset after it is applied');
      proxy.meanwhile = async () => {
        if (proxy.seen.length === 3) await visit(others, (current) => current.update(oneMore));
      };

      expect(await visit(store, (current) => current.set({ n: 1 }))).toBe('id');
      expect(await rowOf()).toMatchObject({ value: map({ n: 2 }), access_counter: { N: '2' } });
    });

    testFaults('a first value, write-once', async () => {
      await visit(others, () => undefined);
      writeMeets('reset after it is applied');
      await visit(store, (current) => current.set({ n: 1 }), { update: false });

      expect(await rowOf()).toMatchObject({ value: map({ n: 1 }), access_counter: { N: '2' } });
    });

    testFaults('changed fields', async () => {
      await given({ n: 1, same: 1 });
      writeMeets('reset after it is applied');
      await visit(store, (current) => { current.data!.n = 2; });

      expect(await dataOf()).toEqual(map({ n: 2, same: 1 }));
    });

    testFaults('over 100 changed fields', async () => {
      await given({ n: 1 });
      const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`field${i}`, i]));
      writeMeets('reset after it is applied');
      await visit(store, (current) => current.set({ ...many, n: 1 }));

      expect(await dataOf()).toEqual(map({ ...many, n: 1 }));
    });

    testFaults('a regeneration, with the changes that go with it', async () => {
      await given({ n: 1 });
      writeMeets('reset after it is applied');
      const newId = await visit(store, (current) => {
        current.data!.n = 2;
        current.regenerate();
      });

      expect(await rowOf()).toMatchObject({ moved_to: { S: newId } });
      expect(await rowOf(newId)).toMatchObject({ value: map({ n: 2 }), access_counter: { N: '2' } });
    });

    testFaults('a destruction', async () => {
      await given({ n: 1 });
      writeMeets('reset after it is applied');

      expect(await visit(store, (current) => current.destroy())).toBe('');
      expect(await rowOf()).toBeUndefined();
    });
  });

  describe('a write that meets a transaction is sent again', () => {
    const conflict: Fault = { status: 400, error: 'TransactionConflictException' };
    const cancelledFor = (code: string): Fault => ({
      status: 400,
      error: 'TransactionCanceledException',
      details: { CancellationReasons: [{ Code: 'None' }, { Code: code, Message: 'made by the test' }] },
    });

    test('a creation, a save, a renewal, an update and a destruction', async () => {
      const programs: [operation: string, handler: Handler][] = [
        ['PutItem', (current) => current.set({ n: 1 })],
        ['UpdateItem', (current) => { current.data!.n = 2; }],
        ['UpdateItem', (current) => current.touch()],
        ['UpdateItem', (current) => current.update(oneMore)],
        ['DeleteItem', (current) => current.destroy()],
      ];
      for (const [index, [operation, handler]] of programs.entries()) {
        proxy.seen.length = 0;
        writeMeets(conflict, conflict);
        await visit(store, handler, { ttl: 900 * (index + 1) });

        expect(operations()).toEqual(['GetItem', operation, operation, operation]);
      }
      expect(await rowOf()).toBeUndefined();
    });

    for (const code of ['TransactionConflict', 'ThrottlingError']) {
      testFaults(`a regeneration that was cancelled for a ${code}, with the same token`, async () => {
        await given({ n: 1 });
        writeMeets(cancelledFor(code), cancelledFor(code));
        const newId = await visit(store, (current) => current.regenerate());
        const tokens = proxy.seen.slice(1).map(({ body }) => JSON.parse(String(body)).ClientRequestToken);

        expect(operations()).toEqual(['GetItem', 'TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems']);
        expect(new Set(tokens).size).toBe(1);
        expect(await dataOf(newId)).toEqual(map({ n: 1 }));
      });
    }

    testFaults('but not a regeneration that was cancelled permanently', async () => {
      await given({ n: 1 });
      writeMeets(cancelledFor('ValidationError'));

      await expect(visit(store, (current) => current.regenerate())).rejects.toThrow(SessionStoreError);
      expect(operations()).toEqual(['GetItem', 'TransactWriteItems']);
      expect(await dataOf()).toEqual(map({ n: 1 }));
    });
  });

  test('a server that never answers is an error before Lambda ends the invocation, and the handler does not run', async () => {
    proxy.choose = () => 'silence';
    const handler = jest.fn();
    const failure = await visit(store, handler, {}, { getRemainingTimeInMillis: () => 1500 }).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(SessionStoreError);
    expect(failure).toMatchObject({ message: expect.stringMatching(/TimeoutError: no answer within 1125 ms/) });
    expect(handler).not.toHaveBeenCalled();
  });

  testFaults('a session that others never stop saving to is an error when the time is over, not an endless loop', async () => {
    await given({ n: 1 });
    const endsAt = Date.now() + 1500;
    const { created_at } = (await rowOf())!;
    proxy.meanwhile = async () => {
      await others.save({ from: { key: { S: 'id' }, created_at }, condition: 'any-value', value: map({ n: 100 }), now: 0 }, READ);
    };

    await expect(visit(store, (current) => current.update(oneMore), {}, { getRemainingTimeInMillis: () => endsAt - Date.now() }))
      .rejects.toThrow(SessionStoreError);
    expect(await dataOf()).toEqual(map({ n: 100 }));
  });

  testFaults('at random, at 10 %: nothing is lost, doubled, half done or recreated, and at most 2 % of the invocations fail', async () => {
    // The SDK's client waits for an answer until the time limit, which is an error then; what never answers has a test above.
    const faults = FAULTS.filter((fault) => fault !== 'silence');
    const ordeal = { store, table: others, proxy, faults, sessions: 16, seed: 1 };
    const { invocations, failed, ...wrong } = await measureReliability({ ...ordeal, faultRate: 0.1 });

    expect(wrong).toEqual({ lostUpdates: 0, doubledUpdates: 0, lostSaves: 0, halfSaves: 0, resurrected: 0 });
    expect(failed.SessionStoreError ?? 0).toBeLessThanOrEqual(invocations * 0.02);
  });

  testFaults('at random, at 50 %: whatever fails, nothing that was reported as done is lost, doubled, half done or recreated', async () => {
    const faults = FAULTS.filter((fault) => fault !== 'silence');
    const ordeal = { store, table: others, proxy, faults, sessions: 16, seed: 2 };
    const { invocations: _, failed, ...wrong } = await measureReliability({ ...ordeal, faultRate: 0.5 });

    expect(wrong).toEqual({ lostUpdates: 0, doubledUpdates: 0, lostSaves: 0, halfSaves: 0, resurrected: 0 });
    expect(Object.keys(failed)).toEqual(['SessionStoreError']);
  });
});

describe('with the lean client', () => {
  test('five connections that died while the sandbox was frozen cost no invocation', async () => {
    const proxy = await FaultProxy.start(local.endpoint);
    const environment = { ...process.env };
    process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
    const store = new DynamoDBStore({ tableName: await local.createTable() });
    const visit = (id: string) => session(() => currentSession().set(id), { store })(bareEvent({ 'session-id': id }));
    await Promise.all(['one', 'two', 'three', 'four', 'five'].map(visit));
    expect(proxy.connectionCount).toBe(5);
    proxy.killConnections();
    await visit('six');

    expect((await store.get('six', READ))?.value).toEqual({ S: 'six' });
    process.env = environment;
    await proxy.stop();
  });
});
