import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { currentSession, DynamoDBStore, getSessionData, session, sessionsOf, setSessionData, useSessionIdFromSeed } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { bareEvent } from '../../fixtures/events.js';
import { testWhere } from '../../fixtures/every-store.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';
import { pythonWithSessionLambda } from '../../languages/python-environment.js';

const INVOKE_SESSION_LAMBDA = join(__dirname, '../..', 'languages', 'invoke_session_lambda.py');
const ID = 'shared';
const HOUR = 60 * 60;

/** What JSON can hold but fractions, which Python has as float and DynamoDB's client for Python does not take. */
const JSON_DATA = {
  nothing: null,
  booleans: [true, false],
  texts: ['é😀\n', ''],
  numbers: [0, 1, -1, 2 ** 31, -(2 ** 53)],
  list: [1, 'two', [null, {}], []],
  map: { 'a.b': { '#c': [false] }, ':d': {}, 'constructor': '' },
};

/** See invoke_session_lambda.py. */
interface PythonInvocation {
  readonly id?: string;
  readonly update?: boolean;
  readonly ttl?: number;
  readonly seed?: string;
  readonly set?: unknown;
}

const python = pythonWithSessionLambda();
const testWithPython = testWhere(python !== undefined, 'no Python up to 3.12 with boto3 and session-lambda; `npm run languages` installs them');
const dynamodb = useLocalDynamoDB();
const testSignedIn = dynamodb.kind === 'DynamoDB Local' ? testWithPython : testWhere(false, 'dynalite has no transactions');

let tableName: string;
let store: DynamoDBStore;
beforeEach(async () => {
  tableName = await dynamodb.createTable();
  store = new DynamoDBStore({ tableName });
});

describe('a session that the Python package made', () => {
  testWithPython('is read here with all that JSON can hold', async () => {
    await inPython({ set: JSON_DATA });

    expect(await here()).toEqual(JSON_DATA);
  });

  testWithPython('is read here with decimals, bytes and sets', async () => {
    await inPython({ set: [{ decimal: '0.1' }, { decimal: '1E-7' }, { decimal: '12345678901234567890' }, { bytes: 'AP8=' }, { set: ['a', 'b'] }, { set: [1, 2] }] });

    expect(await here()).toEqual([0.1, 1e-7, 12345678901234567890n, new Uint8Array([0, 255]), new Set(['a', 'b']), new Set([1, 2])]);
  });

  testWithPython('is changed here, field by field, and goes on counting', async () => {
    await inPython({ set: { user: 'Ada', visits: 1 }, ttl: HOUR });
    const made = await row();

    await here({ user: 'Ada', visits: 2 });

    expect(await row()).toEqual({ ...made, access_counter: { N: '2' }, value: { M: { user: { S: 'Ada' }, visits: { N: '2' } } } });
    expect(made).toMatchObject({ access_counter: { N: '1' }, created_at: { N: expect.stringMatching(/^\d+$/) } });
  });

  testWithPython('keeps a fraction of 28 digits to the last when it is looked at, and when another field is changed here', async () => {
    const price = '0.1234567890123456789012345678';
    await inPython({ set: { price: { decimal: price }, visits: 1 } });
    const made = await row();

    await invoke(() => JSON.stringify(getSessionData()));
    expect(await row()).toEqual(made);

    await invoke(() => { getSessionData<any>().visits = 2; });
    expect((await row())?.value).toEqual({ M: { price: { N: price }, visits: { N: '2' } } });
  });

  testWithPython('has its expiry renewed here', async () => {
    await inPython({ set: 1, ttl: HOUR });
    const made = await row();

    await here(1, { ttl: 2 * HOUR });

    expect(Number((await row())?.ttl?.N)).toBeGreaterThanOrEqual(Number(made?.ttl?.N) + HOUR);
  });

  testWithPython('that holds nothing yet is given its permanent value here', async () => {
    await inPython({ update: false });

    await here('first', { update: false });
    await here('second', { update: false });

    expect(await here()).toBe('first');
  });
});

describe('a session that was made here', () => {
  testWithPython('is read by the Python package with all that JSON can hold, numbers as Decimal', async () => {
    await here(JSON_DATA);

    expect((await inPython()).found).toEqual(withDecimals(JSON_DATA));
  });

  testWithPython('is read by the Python package with fractions, bigints, bytes and sets', async () => {
    await here([0.1, 1e-7, 1e21, 12345678901234567890n, new Uint8Array([0, 255]), new Set(['b', 'a'])]);

    const numbers = ['0.1', '0.0000001', '1000000000000000000000', '12345678901234567890'].map((decimal) => ({ decimal }));
    expect((await inPython()).found).toEqual([...numbers, { bytes: 'AP8=' }, { set: ['a', 'b'] }]);
  });

  testWithPython('keeps when it was created, and goes on counting, when the Python package changes it', async () => {
    await here('ours', { ttl: HOUR });
    const made = await row();

    await inPython({ set: 'theirs' });

    expect(await row()).toEqual({ ...made, access_counter: { N: '2' }, value: { S: 'theirs' } });
  });

  testSignedIn('stays signed in, and is found among the user\'s sessions, when the Python package changes it', async () => {
    store = new DynamoDBStore({ tableName, collectionsTableName: await dynamodb.createCollectionsTable() });
    const id = await invoke(() => {
      currentSession().signIn('ada');
      return currentSession().id;
    }, { ttl: HOUR }) as string;
    const made = await store.get(id, { timeLimitMs: 10_000, consistentRead: true });

    await inPython({ id, set: 'theirs' });

    expect(await store.get(id, { timeLimitMs: 10_000, consistentRead: true })).toEqual({ ...made, access_counter: { N: '2' }, value: { S: 'theirs' } });
    expect(await sessionsOf('ada', { store, ttl: HOUR }).list()).toHaveLength(1);
  });

  testWithPython('has its expiry renewed by the Python package', async () => {
    await here(1, { ttl: HOUR });
    const made = await row();

    await inPython({ ttl: 2 * HOUR });

    const roundedUpHereAndDownThere = 1;
    expect(Number((await row())?.ttl?.N)).toBeGreaterThanOrEqual(Number(made?.ttl?.N) + HOUR - roundedUpHereAndDownThere);
  });
});

describe('both', () => {
  testWithPython('count one counter, whoever comes', async () => {
    for (const visit of [1, 3]) {
      await inPython({ set: visit });
      await invoke(() => currentSession<number>().update((visits) => visits! + 1));
    }

    expect(await here()).toBe(4);
    expect((await row())?.access_counter).toEqual({ N: '4' });
  });

  testWithPython('find the same session by a seed', async () => {
    const { id } = await inPython({ seed: 'room 1', set: 'hello' });

    const found = await invoke(async () => {
      await useSessionIdFromSeed('room 1');
      return { id: currentSession().id, data: getSessionData() };
    });
    expect(found).toEqual({ id, data: 'hello' });
  });
});

describe('the Python package', () => {
  testWithPython('cannot store a float, so not give back a fraction that it read unless it stays a Decimal', async () => {
    await here({ price: 0.5 });

    expect((await inPython({ set: { price: 0.5 } })).error).toMatch(/^TypeError: Float types are not supported\. Use Decimal types instead/);
    await inPython({ set: { price: { decimal: '0.5' }, paid: true } });
    expect(await here()).toEqual({ price: 0.5, paid: true });
  });

  testWithPython('still has a session that has expired, which here is a new one', async () => {
    await inPython({ set: 'old', ttl: HOUR });
    const { ttl } = (await row())!;
    jest.spyOn(Date, 'now').mockReturnValue((Number(ttl!.N) + 1) * 1000);
    try {
      expect((await inPython()).found).toBe('old');
      expect(await invoke(() => ({ isNew: currentSession().isNew, data: getSessionData() }))).toEqual({ isNew: true, data: null });
    } finally {
      jest.restoreAllMocks();
    }
  });

  testWithPython('begins a session again under an id that was destroyed here, whatever it was', async () => {
    await here('logged in');
    await invoke(() => currentSession().destroy());
    expect(await row()).toBeUndefined();
    await inPython({ set: 'begun again' });

    expect(await here()).toBe('begun again');
  });

  testWithPython('writes in every invocation, also what was set here permanently', async () => {
    await here('permanent', { update: false });

    await inPython({ update: false, set: 'overwritten' });

    expect(await here()).toBe('overwritten');
  });
});

/** One invocation of a handler of the Python package. */
async function inPython(invocation: PythonInvocation = {}): Promise<{ found?: unknown; id?: string; error?: string }> {
  const env = { ...process.env, AWS_DEFAULT_REGION: process.env.AWS_REGION, SESSION_LAMBDA_DYNAMODB_TABLE_NAME: tableName };
  const running = promisify(execFile)(python!, [INVOKE_SESSION_LAMBDA], { env });
  running.child.stdin!.end(JSON.stringify({ id: ID, update: true, ttl: 0, ...invocation }));
  return JSON.parse((await running).stdout);
}

/** One invocation here that sets the data, if any is given, and returns what it then has. */
function here(data?: unknown, options: SessionOptions = {}): Promise<unknown> {
  return invoke(() => {
    if (data !== undefined) setSessionData(data);
    return getSessionData();
  }, options);
}

async function invoke(handler: () => unknown, options: SessionOptions = {}): Promise<unknown> {
  let result: unknown;
  await session(async () => { result = await handler(); }, { store, update: true, ...options })(bareEvent({ 'session-id': ID }));
  return result;
}

function row() {
  return store.get(ID, { timeLimitMs: 10_000, consistentRead: true });
}

/** As boto3 reads it. */
function withDecimals(data: unknown): unknown {
  if (typeof data === 'number') return { decimal: String(data) };
  if (Array.isArray(data)) return data.map(withDecimals);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, withDecimals(value)]));
}
