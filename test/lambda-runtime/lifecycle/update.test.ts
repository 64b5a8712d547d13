import {
  SessionConflictError, SessionDataError, SessionError, SessionOptionsError, SessionStoreError, currentSession, getSessionData,
  session, setSessionData,
} from '../../../lambda-runtime/src/index.js';
import type { Session, SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';
import type { FaultProxy, Fault } from '../../fixtures/fault-proxy.js';
import { recording } from '../../fixtures/recording-store.js';
import type { RecordingStore } from '../../fixtures/recording-store.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';
import { describeBothClients } from '../dynamodb/client/both-clients.js';
import { useFaultyStore } from '../stores/faulty-store.js';

interface Counter { n: number; [field: string]: unknown }

const READ = { timeLimitMs: 10_000, consistentRead: true };
const oneMore = (data: Counter | null) => ({ ...data, n: (data?.n ?? 0) + 1 });

/** One invocation that presents the id `id`. */
async function visit(store: SessionStore, handler: (current: Session<Counter>) => unknown, options: SessionOptions = {}): Promise<void> {
  await session(async () => { await handler(currentSession<Counter>()); }, { store, update: true, ...options })(bareEvent({ 'session-id': 'id' }));
}

describeEveryStore(({ open, returnsFoundRows }) => {
  const testRace = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed');
  let store: RecordingStore;

  beforeEach(async () => { store = recording(await open()); });

  const data = async () => (await store.get('id', READ))?.value;
  const given = (value: Counter) => visit(store, () => setSessionData(value));
  const map = (fields: Record<string, number>) => ({ M: Object.fromEntries(Object.entries(fields).map(([name, n]) => [name, { N: String(n) }])) });

  describe.each([['did not exist before', undefined], ['existed before', { n: 7 }]])('of a session that %s', (_, before) => {
    const start = before?.n ?? 0;

    beforeEach(async () => {
      if (before) await given(before);
    });

    testRace('50 invocations at the same time that each add one leave exactly 50 more', async () => {
      const seen: number[] = [];
      await Promise.all(Array.from({ length: 50 }, () => visit(store, async (current) => {
        seen.push((await current.update(oneMore)).n);
      })));

      expect(await data()).toEqual(map({ n: start + 50 }));
      expect(seen.sort((one, other) => one - other)).toEqual(Array.from({ length: 50 }, (__, i) => start + i + 1));
    });

    test('several of one invocation come one after the other', async () => {
      await visit(store, async (current) => {
        const results = await Promise.all([current.update(oneMore), current.update(oneMore), current.update(oneMore)]);

        expect(results).toEqual([{ n: start + 1 }, { n: start + 2 }, { n: start + 3 }]);
        expect(current.data).toEqual({ n: start + 3 });
      });

      expect(await data()).toEqual(map({ n: start + 3 }));
    });

    test('those nobody awaited are waited for', async () => {
      await visit(store, (current) => {
        void current.update(oneMore);
        void current.update(oneMore);
      });

      expect(await data()).toEqual(map({ n: start + 2 }));
    });

    test('is committed when its promise resolves, and not undone by a later throw', async () => {
      const failure = new Error('of the handler');

      await expect(visit(store, async (current) => {
        await current.update(oneMore);
        expect(await data()).toEqual(map({ n: start + 1 }));
        throw failure;
      })).rejects.toBe(failure);
      expect(await data()).toEqual(map({ n: start + 1 }));
    });

    test('takes what the function changed in its argument where it returns nothing', async () => {
      await visit(store, async (current) => {
        if (current.data === null) current.set({ n: 0 });
        await current.update((current_) => { current_!.n += 10; });
      });

      expect(await data()).toEqual(map({ n: start + 10 }));
    });

    test('gets the changes that this invocation has not saved yet, and saves them too', async () => {
      await visit(store, async (current) => {
        current.set({ ...current.data, n: start + 100, mine: 1 });
        expect(await current.update(oneMore)).toEqual({ n: start + 101, mine: 1 });
        store.calls.length = 0;
      });

      expect(store.calls).toEqual([]);
      expect(await data()).toEqual(map({ n: start + 101, mine: 1 }));
    });

    test('what is set while it is under way is saved on top of it', async () => {
      await visit(store, async (current) => {
        const update = current.update(oneMore);
        setSessionData({ ...getSessionData<Counter>(), late: 1 });
        await update;

        expect(current.data).toEqual({ n: start + 1, late: 1 });
      });

      expect(await data()).toEqual(map({ n: start + 1, late: 1 }));
    });

    test('what is changed in place after it is saved', async () => {
      await visit(store, async (current) => {
        await current.update(oneMore);
        current.data!.after = 1;
      });

      expect(await data()).toEqual(map({ n: start + 1, after: 1 }));
    });

    test('costs no further write at the end', async () => {
      store.calls.length = 0;
      await visit(store, (current) => current.update(oneMore));

      expect(store.calls).toEqual(['get', before ? 'save' : 'create']);
    });
  });

  testRace('runs again on what another invocation saved meanwhile', async () => {
    await given({ n: 1 });
    let runs = 0;
    await visit(store, async (current) => {
      await visit(store, (other) => other.update((current_) => ({ ...current_!, theirs: 1 })));
      expect(await current.update((current_) => {
        runs++;
        return oneMore(current_);
      })).toEqual({ n: 2, theirs: 1 });
    });

    expect(runs).toBe(2);
    expect(await data()).toEqual(map({ n: 2, theirs: 1 }));
  });

  testRace('a save of another field after it loses nothing of it, and the other way round', async () => {
    await given({ n: 1 });
    await visit(store, async (current) => {
      current.data!.mine = 1;
      await visit(store, (other) => other.update(oneMore));
      await visit(store, (other) => { other.data!.theirs = 1; });
    });

    expect(await data()).toEqual(map({ n: 2, mine: 1, theirs: 1 }));
  });

  testRace('runs again after however many writes of others, if it was sent only once', async () => {
    await given({ n: 1 });
    await visit(store, async (current) => {
      await visit(store, async (other) => {
        for (let i = 0; i < 40; i++) await other.update(oneMore);
      });
      expect(await current.update(oneMore)).toEqual({ n: 42 });
    });
  });

  testRace('of a session that was destroyed meanwhile is an error and does not bring it back', async () => {
    await given({ n: 1 });
    await visit(store, async (current) => {
      await store.destroy('id', READ);
      await expect(current.update(oneMore)).rejects.toThrow(SessionConflictError);
    });

    expect(await data()).toBeUndefined();
  });

  test('what the function throws is thrown, nothing is written, and later updates go on', async () => {
    await given({ n: 1 });
    const failure = new Error('of the function');
    await visit(store, async (current) => {
      await expect(current.update(() => { throw failure; })).rejects.toBe(failure);
      expect(await data()).toEqual(map({ n: 1 }));
      await current.update(oneMore);
    });

    expect(await data()).toEqual(map({ n: 2 }));
  });

  test('an async function is refused, whatever happens to its promise, and nothing is written', async () => {
    await given({ n: 1 });
    await visit(store, async (current) => {
      await expect(current.update((async () => { throw new Error('too late to be seen'); }) as never)).rejects.toThrow(SessionError);
      await expect(current.update((async (current_: Counter) => oneMore(current_)) as never)).rejects.toThrow(/not a promise/);
    });

    expect(await data()).toEqual(map({ n: 1 }));
  });

  test('data that cannot be held is an error, and nothing is written', async () => {
    await given({ n: 1 });
    await visit(store, async (current) => {
      await expect(current.update(() => ({ n: NaN }))).rejects.toThrow(SessionDataError);
    });

    expect(await data()).toEqual(map({ n: 1 }));
  });

  test('write-once: is an error that names the option, and nothing is written', async () => {
    await given({ n: 1 });
    await visit(store, async (current) => {
      await expect(current.update(oneMore)).rejects.toThrow(SessionOptionsError);
      await expect(current.update(oneMore)).rejects.toThrow('update: true');
    }, { update: false });

    expect(await data()).toEqual(map({ n: 1 }));
  });

  test('renews the expiry where it is due', async () => {
    await given({ n: 1 });
    await visit(store, (current) => current.update(oneMore), { ttl: 900 });

    expect(Number((await store.get('id', READ))?.ttl?.N)).toBeGreaterThan(Date.now() / 1000 + 890);
  });

  test('the row remembers the newest 32 writes', async () => {
    await visit(store, async (current) => {
      for (let i = 0; i < 40; i++) await current.update(oneMore);
    });

    expect((await store.get('id', READ))?.write_log?.S).toMatch(/^[\w-]{256}$/);
    expect(await data()).toEqual(map({ n: 40 }));
  });
});

const local = useLocalDynamoDB();
const describeWhereRowsAreReturned = local.kind === 'DynamoDB Local' ? describeBothClients : describeSkipped;

describeWhereRowsAreReturned((create) => {
  let proxy: FaultProxy;
  let store: SessionStore;
  let others: SessionStore;
  useFaultyStore(create, (faulty) => { ({ proxy, store, others } = faulty); });

  const data = async () => (await others.get('id', READ))?.value;
  const update = (through: SessionStore, times = 1) => visit(through, async (current) => {
    for (let i = 0; i < times; i++) await current.update(oneMore);
  });

  /** The update is sent with this fault; before it is sent again, others are faster. */
  async function overtaken(fault: Fault, meanwhile: () => Promise<void>): Promise<void> {
    proxy.next('none', fault); // the first request loads the session
    proxy.meanwhile = async () => {
      if (proxy.seen.length === 3) await meanwhile();
    };
    await update(store);
  }

  /** One invocation whose update makes a session without ever being answered, and then this; returns the session's id. */
  async function afterFailedCreation(then: (current: Session<Counter>) => unknown): Promise<string> {
    proxy.next(...Array.from({ length: 4 }, (): Fault => 'answer cut in half'));
    let id!: string;
    await session(async () => {
      const current = currentSession<Counter>();
      id = current.id;
      await expect(current.update(oneMore)).rejects.toThrow(SessionStoreError);
      await then(current);
    }, { store, update: true })(bareEvent());
    return id;
  }

  const FAULTS: [string, Fault][] = [['is lost', 'reset after it is applied'], ['is cut in half', 'answer cut in half']];
  const BEFORE: [string, number][] = [['an existing session', 7], ['a session that did not exist', 0]];

  for (const [whatHappens, fault] of FAULTS) {
    describe.each(BEFORE)(`an update whose answer ${whatHappens}, of %s,`, (_, start) => {
      beforeEach(async () => {
        if (start > 0) await visit(others, () => setSessionData({ n: start }));
      });

      test('is applied once', async () => {
        await overtaken(fault, async () => undefined);

        expect(await data()).toEqual({ M: { n: { N: String(start + 1) } } });
      });

      test.each([1, 30])('is applied once, also if its row is then overwritten by %d others', async (howMany) => {
        await overtaken(fault, () => update(others, howMany));

        expect(await data()).toEqual({ M: { n: { N: String(start + 1 + howMany) } } });
      });

      test('is applied once, also if others replace the data by a save', async () => {
        await overtaken(fault, () => visit(others, () => setSessionData({ n: 100 })));

        expect(await data()).toEqual({ M: { n: { N: '100' } } });
      });

      test('is an error once so many others came in between that the row has forgotten it, and is not applied twice', async () => {
        const failure = overtaken(fault, () => update(others, 40)).catch((error: unknown) => error);

        expect(await failure).toBeInstanceOf(SessionStoreError);
        expect(await failure).toMatchObject({ message: expect.stringContaining('cannot be known whether it was applied') });
        expect(await data()).toEqual({ M: { n: { N: String(start + 41) } } });
      });
    });
  }

  test.each<[string, Fault]>([
    ['lost on its way', 'reset before it is applied'],
    ['throttled', { status: 400, error: 'ThrottlingException' }],
  ])('an update that was %s runs again on what others made of the session meanwhile', async (_, fault) => {
    await visit(others, () => setSessionData({ n: 7 }));
    await overtaken(fault, () => update(others, 3));

    expect(await data()).toEqual({ M: { n: { N: '11' } } });
  });

  test('so does one that was lost on its way of a session with many versions before', async () => {
    await visit(others, () => setSessionData({ n: 7 }));
    await update(others, 40);
    await overtaken('reset before it is applied', () => update(others, 3));

    expect(await data()).toEqual({ M: { n: { N: '51' } } });
  });

  test('what is set after a creation that failed permanently, though it was applied, is saved on top of it', async () => {
    const id = await afterFailedCreation((current) => current.set({ n: 5, kept: 1 }));

    expect((await others.get(id, READ))?.value).toEqual({ M: { n: { N: '5' }, kept: { N: '1' } } });
  });

  test('a session that was made anyway is deleted by destroy', async () => {
    const id = await afterFailedCreation((current) => current.destroy());

    expect(await others.get(id, READ)).toBeUndefined();
  });
});

/** Says in the output what is not tested, and why. */
function describeSkipped(): void {
  test.skip('an update whose answer is lost [skipped: dynalite does not return the row on which a condition failed]', () => undefined);
}
