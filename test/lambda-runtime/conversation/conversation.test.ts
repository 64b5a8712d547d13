import { conversation, cookieTransport, currentSession, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { openCollections } from '../../../lambda-runtime/src/stores/dynamodb/open-collections.js';
import type { CollectionsStore, SessionStore } from '../../../lambda-runtime/src/stores.js';
import { READ_ONLY_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore, testWhere } from '../../fixtures/every-store.js';

jest.setTimeout(120_000);

interface Message { readonly from: string; readonly text: string }

const said = (text: string): Message => ({ from: 'user', text });
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);
const LONG = 'x'.repeat(3000);
const LIMITS = { timeLimitMs: 10_000 };

describeEveryStore(({ open, returnsFoundRows }) => {
  const testExactly = testWhere(returnsFoundRows, 'dynalite does not return the row on which a condition failed, and has no transactions');
  let store: SessionStore;
  beforeEach(async () => { store = await open(); });

  /** Runs a handler in the session of this id; returns what it returns. */
  async function visit<T>(id: string, handler: () => Promise<T>, options: SessionOptions = {}): Promise<T> {
    let result!: T;
    await session(async () => { result = await handler(); }, { store, update: true, ...options })(bareEvent({ 'session-id': id }));
    return result;
  }
  const append = (...entries: Message[]) => visit('id', () => conversation<Message>().append(...entries));
  const recent = (count = 100) => visit('id', () => conversation<Message>().recent(count)).then(texts);

  test('is empty before anything is appended', async () => {
    expect(await visit('id', () => conversation().recent(10))).toEqual([]);
    expect(await visit('id', () => conversation().page())).toEqual({ entries: [] });
    expect(await visit('id', () => conversation().removeLast())).toBeUndefined();
  });

  test('keeps what was appended, in order, over invocations', async () => {
    await append(said('one'));
    await append(said('two'), said('three'));

    expect(await recent()).toEqual(['one', 'two', 'three']);
  });

  test('keeps the order of 200 appends of one invocation that were not awaited one by one', async () => {
    const expected = Array.from({ length: 200 }, (_, index) => `${index}`);
    await visit('id', async () => {
      await Promise.all(expected.map((text) => conversation<Message>().append(said(text))));
    });

    expect(await recent(200)).toEqual(expected);
  });

  test('stores an append that was not awaited before the invocation ends', async () => {
    await visit('id', async () => { void conversation<Message>().append(said('one')); });

    expect(await recent()).toEqual(['one']);
  });

  test('keeps an append although the handler throws later', async () => {
    await append(said('one'));
    await expect(visit('id', async () => {
      await conversation<Message>().append(said('two'));
      throw new Error('of the handler');
    })).rejects.toThrow('of the handler');

    expect(await recent()).toEqual(['one', 'two']);
  });

  test('returns the newest entries, in order', async () => {
    for (const text of ['one', 'two', 'three', 'four']) await append(said(text), said(`${text}!`));

    expect(await recent(3)).toEqual(['three!', 'four', 'four!']);
    expect(await recent(0)).toEqual([]);
  });

  test('pages back to the first entry, through appends of several entries', async () => {
    for (const texts_ of [['1', '2', '3'], ['4'], ['5', '6', '7', '8'], ['9', '10']]) await append(...texts_.map(said));

    for (const limit of [1, 2, 3, 4, 5, 10, 11]) {
      const pages: string[][] = [];
      let before: string | undefined;
      do {
        const page = await visit('id', () => conversation<Message>().page({ before, limit }));
        pages.unshift(texts(page.entries));
        before = page.before;
      } while (before !== undefined);

      expect(pages.flat()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
      expect(pages).toHaveLength(Math.ceil(10 / limit));
    }
  });

  test('returns all entries where more are asked for than any store counts to', async () => {
    await append(said('one'), said('two'));

    expect(await recent(Number.MAX_SAFE_INTEGER)).toEqual(['one', 'two']);
    expect(await visit('id', () => conversation<Message>().page({ limit: Number.MAX_SAFE_INTEGER }))).toEqual({ entries: [said('one'), said('two')] });
  });

  test('refuses a page of no entries, which could not say whether there are more', async () => {
    await append(said('one'));

    await expect(visit('id', () => conversation().page({ limit: 0 }))).rejects.toThrow('limit must be a whole number of entries from 1, got 0');
  });

  test.each(['', 'x', 'MDAw', Buffer.from('room#1').toString('base64url')])('refuses %p as the cursor of a page', async (before) => {
    await append(said('one'));

    await expect(visit('id', () => conversation().page({ before }))).rejects.toThrow('before must be what a page of the conversation returned');
  });

  test('walks through all entries from the first on', async () => {
    await append(said('one'), said('two'));
    await append(said('three'));

    const seen: Message[] = [];
    await visit('id', async () => { for await (const entry of conversation<Message>()) seen.push(entry); });
    expect(texts(seen)).toEqual(['one', 'two', 'three']);
  });

  testExactly('removes the newest entry, also of an append of several', async () => {
    await append(said('one'), said('two'));
    await append(said('three'));

    for (const text of ['three', 'two', 'one']) {
      expect(await visit('id', () => conversation<Message>().removeLast())).toEqual(said(text));
    }
    expect(await recent()).toEqual([]);
    await append(said('four'));
    expect(await recent()).toEqual(['four']);
  });

  testExactly('removes a different entry for each of several removals at the same time', async () => {
    await append(...['1', '2', '3', '4', '5', '6'].map(said));

    const removed = await Promise.all(Array.from({ length: 4 }, () => visit('id', () => conversation<Message>().removeLast())));
    expect(texts(removed as Message[]).sort()).toEqual(['3', '4', '5', '6']);
    expect(await recent()).toEqual(['1', '2']);
  });

  testExactly('finds the newest entry behind many that were removed with few queries', async () => {
    const texts_ = Array.from({ length: 41 }, (_, index) => `${index}`);
    await visit('id', async () => { for (const text of texts_) await conversation<Message>().append(said(text)); });
    await visit('id', async () => { for (const text of texts_.slice(1).reverse()) expect(await conversation<Message>().removeLast()).toEqual(said(text)); });
    const queries = jest.spyOn(Object.getPrototypeOf(openCollections(store, 'test')) as CollectionsStore, 'query');

    expect(await recent(1)).toEqual(['0']);
    expect(queries.mock.calls.length).toBeLessThan(8);
    queries.mockRestore();
  });

  test.each([
    ['removeLast()', () => conversation().removeLast()],
    ['clear()', () => conversation().clear()],
  ])('%s stores no session where there is no conversation yet', async (_, remove) => {
    expect(await visit('id', remove, { saveUninitialized: false })).toBeUndefined();

    expect(await store.get('id', { ...LIMITS, consistentRead: true })).toBeUndefined();
  });

  test('removes and clears what another invocation appended since the session was loaded', async () => {
    for (const remove of [() => conversation().removeLast(), () => conversation().clear()]) {
      await visit('id', async () => { await currentSession().destroy(); });
      await visit('id', async () => {
        await append(said('one'));
        await remove();
      });

      expect(await recent()).toEqual([]);
    }
  });

  test.each([
    ['stored', async () => visit('id', async () => setSessionData({ n: 0 }))],
    ['new', async () => undefined],
  ])('reads what another invocation appended first, since the session was loaded: a %s session', async (_, prepare) => {
    await prepare();
    await visit('id', async () => {
      expect(await conversation<Message>().recent(9)).toEqual([]);
      await append(said('one'), said('two'));
      const walked: Message[] = [];
      for await (const entry of conversation<Message>()) walked.push(entry);

      expect(texts(await conversation<Message>().recent(9))).toEqual(['one', 'two']);
      expect(texts((await conversation<Message>().page()).entries)).toEqual(['one', 'two']);
      expect(texts(walked)).toEqual(['one', 'two']);
    });
  });

  testExactly('reads what another invocation appended first while it gave the session another id', async () => {
    await visit('id', async () => setSessionData({ n: 0 }));
    await visit('id', async () => {
      await visit('id', async () => {
        currentSession().regenerate();
        await conversation<Message>().append(said('one'));
      });

      expect(texts(await conversation<Message>().recent(9))).toEqual(['one']);
    });
  });

  testExactly('reads nothing of a session that began since under the same id', async () => {
    await visit('id', async () => setSessionData({ n: 0 }));
    await visit('id', async () => {
      await visit('id', async () => { await currentSession().destroy(); });
      await append(said('of another life'));

      expect(await conversation<Message>().recent(9)).toEqual([]);
    });
  });

  test('a function that may only read sessions reads conversations, and changes none', async () => {
    await append(said('one'));
    const id = await visit('id', () => conversation().id());
    process.env[READ_ONLY_ENVIRONMENT_VARIABLE] = '1';
    try {
      await visit('id', async () => {
        expect(texts(await conversation<Message>().recent(9))).toEqual(['one']);
        expect(await conversation().id()).toBe(id);
        for (const refused of [
          () => conversation().append('two'),
          () => conversation({ id: 'room' }).append('two'),
          () => conversation().removeLast(),
          () => conversation('another').clear(),
          () => conversation().applyOnce('op', { append: ['two'] }),
        ]) {
          await expect(refused()).rejects.toThrow('this function may only read sessions');
        }
      });
      await visit('without any', () => expect(conversation().id()).rejects.toThrow('this function may only read sessions'));
    } finally {
      delete process.env[READ_ONLY_ENVIRONMENT_VARIABLE];
    }
  });

  test('clears everything that was appended before', async () => {
    for (let index = 0; index < 60; index++) await append(said(`${index}`));
    await visit('id', () => conversation().clear());
    await append(said('new'));

    expect(await recent()).toEqual(['new']);
  });

  test('returns entries as session data is returned: null, bigint, bytes, sets', async () => {
    const entries = [null, 12345678901234567890n, new Uint8Array([1, 2]), new Set(['a']), { deep: [{ er: true }] }, '', 0];
    await visit('id', () => conversation().append(...entries));

    expect(await visit('id', () => conversation().recent(10))).toEqual(entries);
  });

  test.each([
    ['a function', { a: [() => 1] }, 'entry 1.a[0] cannot be stored: DynamoDB cannot hold a function'],
    ['NaN', Number.NaN, 'entry 1 cannot be stored: NaN is not a number'],
  ])('refuses %s with its path, and appends nothing', async (_, entry, message) => {
    await expect(visit('id', () => conversation().append('fine', entry))).rejects.toThrow(message);
    expect(await visit('id', () => conversation().recent(10))).toEqual([]);
  });

  test('takes an entry of 399 kB, and refuses one of 400 kB before anything is sent', async () => {
    const [fits, tooLarge] = [399, 400].map((kB) => 'x'.repeat(kB * 1024));
    await visit('id', () => conversation().append(fits));

    await expect(visit('id', () => conversation().append(tooLarge))).rejects.toThrow(/^the entries of one append take 4\d\d{4} bytes/);
    expect(await visit('id', () => conversation().recent(2))).toEqual([fits]);
  });

  test('returns the newest entries of more than DynamoDB returns at the same time', async () => {
    const texts_ = Array.from({ length: 9 }, (_, index) => String(index).repeat(300_000));
    for (const text of texts_) await append(said(text));

    expect(await recent(9)).toEqual(texts_);
    expect(await recent(5)).toEqual(texts_.slice(4));
  });

  test.each(['', '#', '"', '__proto__', '\u0000', 'é\u{1F600}', LONG])('keeps conversations of any name apart (%#)', async (suffix) => {
    await visit('id', () => conversation(`a${suffix}`).append('a'));
    await visit('id', () => conversation(`b${suffix}`).append('b'));
    await visit('id', () => conversation({ id: `a${suffix}` }).append('shared'));

    expect(await visit('id', () => conversation(`a${suffix}`).recent(9))).toEqual(['a']);
    expect(await visit('id', () => conversation(`b${suffix}`).recent(9))).toEqual(['b']);
    expect(await visit('another', () => conversation(`a${suffix}`).recent(9))).toEqual([]);
    expect(await visit('another', () => conversation({ id: `a${suffix}` }).recent(9))).toEqual(['shared']);
  });

  test.each(['', '\ud800', 5])('refuses %p as name and as id', async (wrong) => {
    await expect(visit('id', async () => conversation(wrong as string))).rejects.toThrow('the name of a conversation must be a text');
    await expect(visit('id', async () => conversation({ id: wrong as string }))).rejects.toThrow('the id of a conversation must be a text');
  });

  testExactly('moves with the session to its new id, and is not there for the old one', async () => {
    await append(said('one'));
    let newId!: string;
    await visit('id', async () => {
      currentSession().regenerate();
      newId = currentSession().id;
      await conversation<Message>().append(said('two'));
    });

    expect(await visit(newId, () => conversation<Message>().recent(9)).then(texts)).toEqual(['one', 'two']);
    expect(await recent()).toEqual([]);
  });

  describe('of a session that two invocations move at the same time', () => {
    /** The ids of both: of the session that moved first, and of the one that the other invocation then began. */
    async function moveTwice(first: () => void, second: () => void): Promise<{ moved: string; begun: string }> {
      await append(said('one'));
      const ids = { moved: '', begun: '' };
      await visit('id', async () => {
        await visit('id', async () => {
          first();
          ids.moved = currentSession().id;
        });
        second();
        ids.begun = currentSession().id;
      });
      return ids;
    }
    const historyOf = (id: string) => visit(id, () => conversation<Message>().recent(9)).then(texts);
    const [regenerate, ada, bob] = [() => currentSession().regenerate(), () => currentSession().signIn('ada'), () => currentSession().signIn('bob')];

    const MOVES: [string, () => void, () => void][] = [
      ['a login, and a regenerated id', ada, regenerate],
      ['two regenerated ids', regenerate, regenerate],
      ['a regenerated id, and a login', regenerate, ada],
      ['logins of two users', ada, bob],
    ];
    MOVES.forEach(([title, first, second]) => testExactly(`stays with the one that moved: ${title}`, async () => {
      const { moved, begun } = await moveTwice(first, second);
      await visit(moved, () => conversation<Message>().append(said('two')));
      await visit(begun, () => conversation<Message>().append(said('three')));

      expect([await historyOf(moved), await historyOf(begun)]).toEqual([['one', 'two'], ['three']]);
    }));

    testExactly('goes on in both if both are the same user\'s', async () => {
      const { moved, begun } = await moveTwice(ada, ada);
      await visit(moved, () => conversation<Message>().append(said('two')));

      expect([await historyOf(moved), await historyOf(begun)]).toEqual([['one', 'two'], ['one', 'two']]);
    });
  });

  test('ends with its session', async () => {
    await append(said('one'));
    await visit('id', async () => {
      await currentSession().destroy();
      await expect(conversation<Message>().append(said('two'))).rejects.toThrow('the session was destroyed by this invocation');
      expect(await conversation().recent(9)).toEqual([]);
    });

    expect(await recent()).toEqual([]);
  });

  test('does not touch the data that a handler sets before and after', async () => {
    await visit('id', async () => {
      const data = { before: 1, after: 0 };
      setSessionData(data);
      await conversation<Message>().append(said('one'));
      data.after = 1;
    });

    expect((await store.get('id', { ...LIMITS, consistentRead: true }))?.value).toEqual({ M: { before: { N: '1' }, after: { N: '1' } } });
  });

  test('saves no data of a handler that appends and then throws', async () => {
    await visit('id', async () => {
      setSessionData({ set: true });
      await conversation<Message>().append(said('one'));
      throw new Error('of the handler');
    }).catch(() => undefined);

    expect((await store.get('id', { ...LIMITS, consistentRead: true }))?.value).toEqual({ NULL: true });
    expect(await recent()).toEqual(['one']);
  });

  test('stores a new session of a cookie first, so that the client can come back to the conversation', async () => {
    const options = { store, transport: cookieTransport(), ttl: 900 };
    const handler = session(async () => {
      await conversation<Message>().append(said('one'));
      return { statusCode: 200, multiValueHeaders: {} as Record<string, string[]>, headers: {} as Record<string, string> };
    }, options);
    const response = await handler({ version: '1.0', httpMethod: 'GET', headers: {}, requestContext: {} }, {});

    expect(JSON.stringify(response)).toContain('__Host-session=');
  });

  testExactly('gives a session one log when several invocations append first, at the same time', async () => {
    await visit('id', async () => setSessionData({ n: 0 }));
    await Promise.all(['1', '2', '3', '4', '5'].map((text) => append(said(text))));

    expect((await recent()).sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  testExactly('gives a session that several invocations create at the same time one log', async () => {
    await Promise.all(['1', '2', '3', '4', '5'].map((text) => append(said(text))));

    expect((await recent()).sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('does not return an entry that is older than keepFor', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'queueMicrotask'] });
    try {
      await visit('id', () => conversation({ id: 'room', keepFor: 3600 }).append('short'));
      await visit('id', () => conversation({ id: 'room' }).append('long'));
      jest.setSystemTime(Date.now() + 3_601_000);

      expect(await visit('id', () => conversation({ id: 'room' }).recent(9))).toEqual(['long']);
    } finally {
      jest.useRealTimers();
    }
  });

  test.each([-1, 0.5, '5'])('refuses %p as keepFor, and as a count', async (wrong) => {
    await expect(visit('id', async () => conversation('a', { keepFor: wrong as number }))).rejects.toThrow('keepFor must be a whole number of seconds');
    await expect(visit('id', async () => conversation().recent(wrong as number))).rejects.toThrow('count must be a whole number');
    await expect(visit('id', async () => conversation().page({ limit: wrong as number }))).rejects.toThrow('limit must be a whole number');
  });

  describe('applyOnce', () => {
    const apply = (operationId: string, change: Parameters<ReturnType<typeof conversation<string>>['applyOnce']>[1]) =>
      visit('id', () => conversation<string>().applyOnce(operationId, change));
    const entries = () => visit('id', () => conversation<string>().recent(99));

    testExactly('appends once for each operation id', async () => {
      await apply('op-1', { append: ['a', 'b'] });
      await apply('op-1', { append: ['a', 'b'] });
      await apply('op-2', { append: ['c'] });

      expect(await entries()).toEqual(['a', 'b', 'c']);
    });

    testExactly('knows a change again whose sets and objects are in another order', async () => {
      const sets = (set: string[]) => [new Set(set), new Set(set.map(Number)), new Set(set.map((text) => Buffer.from(text)))];
      const change = (set: string[], object: object): any => ({ append: [...sets(set), object] });
      await apply('op', change(['1', '2'], { SS: ['b', 'a'], x: 1 }));
      await apply('op', change(['2', '1'], { x: 1, SS: ['b', 'a'] }));

      expect(await entries()).toHaveLength(4);
      await expect(apply('op', change(['1', '2'], { SS: ['a', 'b'], x: 1 }))).rejects.toThrow('this operation id was used for another change');
    });

    testExactly('refuses an operation id that was used for another change, and changes nothing', async () => {
      await apply('op', { append: ['a'] });

      await expect(apply('op', { append: ['b'] })).rejects.toThrow('this operation id was used for another change');
      await expect(apply('op', { replace: [], by: ['a'] })).rejects.toThrow('this operation id was used for another change');
      expect(await entries()).toEqual(['a']);
    });

    testExactly('replaces the newest entries over several appends, and in the middle of one', async () => {
      await visit('id', () => conversation().append('a', 'b'));
      await visit('id', () => conversation().append('c'));
      await visit('id', () => conversation().append('d'));
      await apply('op', { replace: ['b', 'c', 'd'], by: ['x', 'y'] });
      await apply('op', { replace: ['b', 'c', 'd'], by: ['x', 'y'] });
      await visit('id', () => conversation().append('z'));

      expect(await entries()).toEqual(['a', 'x', 'y', 'z']);
    });

    testExactly('replaces nothing if the newest entries are others', async () => {
      await visit('id', () => conversation().append('a', 'b'));

      await expect(apply('op', { replace: ['a'], by: ['x'] })).rejects.toThrow('the newest entries of the conversation are not those that the change replaces');
      await expect(apply('op', { replace: ['z', 'a', 'b'], by: ['x'] })).rejects.toThrow('nothing was changed');
      expect(await entries()).toEqual(['a', 'b']);
      await apply('op', { replace: ['a', 'b'], by: [] });
      expect(await entries()).toEqual([]);
    });

    testExactly('applies a change once when it is sent several times at the same time', async () => {
      await visit('id', () => conversation().append('a', 'b'));
      await Promise.all(Array.from({ length: 5 }, () => apply('op', { replace: ['b'], by: ['c'] })));
      await Promise.all(Array.from({ length: 5 }, () => apply('op-2', { append: ['d'] })));

      expect(await entries()).toEqual(['a', 'c', 'd']);
    });

    testExactly('keeps what replaces entries for as long as what is appended then, and entries of other appends no longer', async () => {
      const room = () => conversation<string>({ id: 'room', keepFor: 3600 });
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'queueMicrotask'] });
      try {
        for (const [replace, later] of [[['a', 'b', 'c'], ['x']], [['b', 'c'], ['x']], [['c'], ['x']]]) {
          await visit('id', async () => {
            await room().clear();
            await room().append('a', 'b');
            await room().append('c');
          });
          jest.setSystemTime(Date.now() + 1_800_000);
          await visit('id', () => room().applyOnce('op', { replace, by: ['x'] }));
          jest.setSystemTime(Date.now() + 1_801_000);

          expect(await visit('id', () => room().recent(9))).toEqual(later);
        }
      } finally {
        jest.useRealTimers();
      }
    });

    testExactly('replaces entries in a conversation without an end', async () => {
      const room = () => conversation<string>({ id: 'room', keepFor: 0 });
      await visit('id', () => conversation({ id: 'room', keepFor: 3600 }).append('a', 'b'));
      await visit('id', () => room().applyOnce('op', { replace: ['b'], by: ['x'] }));

      const { items } = await openCollections(store, 'test').query({ collection: 'room#room' }, { ...LIMITS, consistentRead: true });
      expect(items.map(({ ttl, entries: list }) => [ttl, list?.L?.length])).toEqual([[undefined, 2], [undefined, undefined]]);
    });

    testExactly('forgets operations when the conversation is cleared', async () => {
      await apply('op', { append: ['a'] });
      await visit('id', () => conversation().clear());
      await apply('op', { append: ['b'] });

      expect(await entries()).toEqual(['b']);
    });

    test('refuses an operation id with an unpaired surrogate, which would be hashed as another', async () => {
      await expect(apply('op\ud800', { append: ['a'] })).rejects.toThrow('the operation id must be a text that is not empty and has no unpaired surrogates');
    });

    test.each([null, undefined, {}, [], { append: 'abc' }, { replace: ['a'] }, { replace: 'a', by: [] }])('refuses %p as a change', async (change) => {
      await expect(apply('op', change as any)).rejects.toThrow('a change of a conversation must have a list of entries to append, or to replace and one by which');
    });

    testExactly('replaces the entries of up to 99 appends, and refuses more before anything is changed', async () => {
      const all = Array.from({ length: 100 }, (_, index) => `${index}`);
      await visit('id', async () => { for (const entry of all) await conversation().append(entry); });

      await expect(apply('op', { replace: all, by: ['x'] })).rejects.toThrow('a change can replace entries of at most 99 appends, these are of 100');
      await apply('op', { replace: all.slice(1), by: ['x'] });
      expect(await entries()).toEqual(['0', 'x']);
    });

    test('refuses an empty operation id', async () => {
      await expect(apply(' ', { append: ['a'] })).rejects.toThrow('the operation id must be a text that is not empty');
    });
  });
});
