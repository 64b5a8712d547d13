import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import {
  DynamoDBStore, MemoryStore, SessionOptionsError, SessionStoreNotSetError, getSessionData, initSessionStore, session, setSessionData, useStore,
} from '../../../lambda-runtime/src/index.js';
import type { DynamoDBClient, SessionOptions, SessionStoreConfiguration } from '../../../lambda-runtime/src/index.js';
import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema';
import { bareEvent } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

const READ = { timeLimitMs: 10_000, consistentRead: true };
const local = useLocalDynamoDB();
let folder: string;

beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'configured-store-')); });
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  useStore(undefined as never);
  delete process.env[TABLE_NAME_ENVIRONMENT_VARIABLE];
});

/** A handler that counts its client's visits. */
function counter(options: SessionOptions = {}) {
  const handler = session(async () => {
    setSessionData((getSessionData<number>() ?? 0) + 1);
    return { statusCode: 200, body: getSessionData<number>() };
  }, { update: true, ...options });
  return async () => (await handler(bareEvent({ 'session-id': 'visitor' }))).body;
}

describe('initSessionStore', () => {
  test('keeps sessions in the DynamoDB table that is named, whatever the environment names', async () => {
    const tableName = await local.createTable();
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'no-such-table';
    initSessionStore({ dynamodbTableName: tableName });
    await counter()();

    expect((await new DynamoDBStore({ tableName }).get('visitor', READ))?.value).toEqual({ N: '1' });
  });

  test('keeps sessions in the file that is named', async () => {
    const filePath = join(folder, 'sessions.json');
    initSessionStore({ filePath });
    expect(existsSync(filePath)).toBe(false);

    await counter()();
    expect(JSON.parse(readFileSync(filePath, 'utf8'))).toMatchObject({ visitor: { value: 1 } });
  });

  test('keeps sessions in the memory of the process, each time a new one', async () => {
    const visit = counter();
    initSessionStore({ runtime: true });

    expect([await visit(), await visit()]).toEqual([1, 2]);
    initSessionStore({ runtime: true });
    expect(await visit()).toBe(1);
  });

  test.each<[string, SessionStoreConfiguration | undefined]>([
    ['nothing', undefined],
    ['no argument', {}],
    ['only what is undefined', { dynamodbTableName: undefined, filePath: undefined, runtime: undefined }],
  ])('with %s keeps sessions in the table that the environment names', async (_, configuration) => {
    const tableName = await local.createTable();
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = tableName;
    initSessionStore(configuration);
    delete process.env[TABLE_NAME_ENVIRONMENT_VARIABLE];
    await counter()();

    expect((await new DynamoDBStore({ tableName }).get('visitor', READ))?.value).toEqual({ N: '1' });
  });

  test.each([undefined, ''])('with nothing, and %j in the environment, is an error that says what to do', (tableName) => {
    if (tableName !== undefined) {
      process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = tableName;
    }

    expect(() => initSessionStore()).toThrow(SessionStoreNotSetError);
    expect(() => initSessionStore()).toThrow(/^Store not set: .*SESSION_LAMBDA_DYNAMODB_TABLE_NAME/);
  });

  test.each<[SessionStoreConfiguration, string]>([
    [{ dynamodbTableName: 'table', filePath: 'file' }, 'dynamodbTableName and filePath'],
    [{ filePath: 'file', runtime: true }, 'filePath and runtime'],
    [{ dynamodbTableName: 'table', runtime: true }, 'dynamodbTableName and runtime'],
    [{ dynamodbTableName: 'table', filePath: 'file', runtime: true }, 'dynamodbTableName and filePath and runtime'],
  ])('with more than one argument is an error that names them, and the store stays: %j', async (configuration, named) => {
    const store = recording(new MemoryStore());
    useStore(store);

    expect(() => initSessionStore(configuration)).toThrow(SessionOptionsError);
    expect(() => initSessionStore(configuration)).toThrow(named);
    await counter()();
    expect(store.calls).toEqual(['get', 'create']);
  });

  test.each<[object, string]>([
    [{ tableName: 'table' }, 'there is no option tableName for initSessionStore(); the options are dynamodbTableName, filePath, runtime, collectionsTableName'],
    [{ dynamodbTableName: '' }, 'dynamodbTableName must not be empty'],
    [{ filePath: '' }, 'filePath must not be empty'],
  ])('with what names no store is an error that says so: %j', (configuration, message) => {
    expect(() => initSessionStore(configuration)).toThrow(SessionOptionsError);
    expect(() => initSessionStore(configuration)).toThrow(message);
  });
});

describe('a collections table that is the session table', () => {
  const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/sessions';
  afterEach(() => { delete process.env[COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE]; });

  test.each([['sessions', 'sessions'], [ARN, ARN], ['sessions', ARN], [ARN, 'sessions']])('is refused when it is set, by its name or its ARN: %s and %s', (tableName, collectionsTableName) => {
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = tableName;
    const waysToSetIt = [
      () => initSessionStore({ dynamodbTableName: tableName, collectionsTableName }),
      () => initSessionStore({ collectionsTableName }),
      () => new DynamoDBStore({ tableName, collectionsTableName }),
    ];
    for (const set of waysToSetIt) {
      expect(set).toThrow(SessionOptionsError);
      expect(set).toThrow('cannot be both the session table and the collections table');
    }
  });

  test('is refused when the environment names it, before the handler runs, and says what to do', async () => {
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'sessions';
    process.env[COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE] = 'sessions';
    let hasRun = false;
    const handler = session(async () => { hasRun = true; });

    expect(() => initSessionStore()).toThrow(SessionOptionsError);
    await expect(handler(bareEvent())).rejects.toThrow(
      "'sessions' cannot be both the session table and the collections table, whose keys differ: set collections: true on the SessionTable, or name another "
      + 'table as collectionsTableName or in SESSION_LAMBDA_COLLECTIONS_TABLE_NAME',
    );
    expect(hasRun).toBe(false);
  });

  test.each([['sessions', 'my-sessions'], ['sessions', `${ARN}-collections`], [ARN, 'my/sessions']])('is not one that is named alike: %s and %s', (tableName, collectionsTableName) => {
    expect(() => new DynamoDBStore({ tableName, collectionsTableName })).not.toThrow();
  });
});

describe('the store of a handler', () => {
  test('is the one of its options rather than the one of the process', async () => {
    const ofProcess = recording(new MemoryStore());
    useStore(ofProcess);
    await counter({ store: new MemoryStore() })();

    expect(ofProcess.calls).toEqual([]);
  });

  test('is the one of the process rather than the one of the environment', async () => {
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'no-such-table';
    useStore(new MemoryStore());

    expect(await counter()()).toBe(1);
  });

  test('is the one of the process also where that is set after session() was called, or set again', async () => {
    const visit = counter();
    useStore(new MemoryStore());
    expect([await visit(), await visit()]).toEqual([1, 2]);

    useStore(new MemoryStore());
    expect(await visit()).toBe(1);
  });

  test('is its own: two handlers with different options in one process do not meet', async () => {
    const handler = (options: SessionOptions) => session(async () => {
      const before = getSessionData();
      setSessionData(options.update ? 'mutable' : 'once');
      return { statusCode: 200, headers: {} as Record<string, string>, body: before };
    }, options);
    const shared = new MemoryStore();
    const once = handler({ store: shared, idKeyName: 'once-id' });
    const mutable = handler({ store: shared, idKeyName: 'mutable-id', update: true, ttl: 900, hashIds: true });
    const event = bareEvent({ 'once-id': 'a', 'mutable-id': 'b' });

    const [first, second] = await Promise.all([once(event), mutable(event)]);
    expect([first.headers, second.headers]).toEqual([{ 'once-id': 'a' }, { 'mutable-id': 'b' }]);
    expect([(await once(event)).body, (await mutable(event)).body]).toEqual(['once', 'mutable']);
    expect((await shared.get('a'))?.ttl).toBeUndefined();
    expect(await shared.get('b')).toBeUndefined();
  });
});

describe('the table that the environment names', () => {
  const answering = (tables: (string | undefined)[]) => ({
    getItem: async ({ TableName }: { TableName: string | undefined }) => { tables.push(TableName); return { $metadata: {} }; },
    putItem: async () => ({ $metadata: {} }),
  }) as unknown as DynamoDBClient;

  test('is looked up at the first invocation, not when session() is called', async () => {
    const tables: string[] = [];
    const visit = counter({ client: answering(tables) });
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'late';
    await visit();

    expect(tables).toEqual(['late']);
  });

  test('is looked up once', async () => {
    const tables: string[] = [];
    const visit = counter({ client: answering(tables) });
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'first';
    await visit();
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'second';
    await visit();

    expect(tables).toEqual(['first', 'first']);
  });

  test('is looked up again after it was not there', async () => {
    const tables: string[] = [];
    const visit = counter({ client: answering(tables) });
    await expect(visit()).rejects.toThrow(SessionStoreNotSetError);
    process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'late';
    await visit();

    expect(tables).toEqual(['late']);
  });

  test('is not looked up, and nothing else is done, when the runtime is imported', () => {
    const { outputFiles: [{ text }] } = buildSync({
      entryPoints: [join(__dirname, '../../..', 'lambda-runtime', 'src', 'index.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      write: false,
    });
    const readVariables = execFileSync(process.execPath, ['-e', `
      const read = [];
      process.env = new Proxy({}, { get(_, name) { read.push(String(name)); } });
      (0, eval)('(function (require, module, exports) {' + require('fs').readFileSync(0, 'utf8') + '})')(require, { exports: {} }, {});
      console.log(JSON.stringify(read));
    `], { input: text, encoding: 'utf8' });

    expect(JSON.parse(readVariables)).toEqual([]);
  });
});

describe('the option client', () => {
  const client = { getItem: () => { throw new Error('never called'); } } as unknown as DynamoDBClient;
  const refusal = 'the option client has no effect beside initSessionStore() or useStore()';

  test.each<[string, () => void]>([
    ['initSessionStore()', () => initSessionStore({ dynamodbTableName: 'any' })],
    ['initSessionStore() of the environment', () => {
      process.env[TABLE_NAME_ENVIRONMENT_VARIABLE] = 'any';
      initSessionStore();
    }],
    ['useStore()', () => useStore(new MemoryStore())],
  ])('beside %s is an error, whichever comes first', async (_, configure) => {
    const visit = counter({ client });
    configure();

    await expect(visit()).rejects.toThrow(SessionOptionsError);
    await expect(visit()).rejects.toThrow(refusal);
    expect(() => counter({ client })).toThrow(SessionOptionsError);
    expect(() => counter({ client })).toThrow(refusal);
  });
});
