import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { buildSync } from 'esbuild';
import type { SessionStore } from '../../../lambda-runtime/src/index.js';
import { JsonFileStore, SessionStoreError } from '../../../lambda-runtime/src/index.js';

const LIMITS = { timeLimitMs: 10_000 };
const READ = { ...LIMITS, consistentRead: true };

/** As its users know it. */
const open = (path = file): SessionStore => new JsonFileStore(path);

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'json-file-store-'));
  file = join(directory, 'store.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('keeps the attributes of each session under its id, in plain JSON', async () => {
  await open().create({
    row: { key: { S: 'the-id' }, value: { M: { name: { S: 'Ada' }, tags: { L: [{ NULL: true }] } } }, created_at: { N: '1700000000.125' }, access_counter: { N: '1' } },
  }, LIMITS);

  expect(JSON.parse(readFileSync(file, 'utf8')))
    .toEqual({ 'the-id': { value: { name: 'Ada', tags: [null] }, created_at: 1700000000.125, access_counter: 1 } });
});

test('reads what was written manually', async () => {
  writeFileSync(file, '{ "by-hand": { "value": { "a": [1, true, null] } } }');

  expect(await open().get('by-hand', READ))
    .toEqual({ key: { S: 'by-hand' }, value: { M: { a: { L: [{ N: '1' }, { BOOL: true }, { NULL: true }] } } } });
});

test('numbers that JavaScript would round keep all their digits, in sessions that are read and in those that are not', async () => {
  const untouched = '{ "value": [12345678901234567890, -0.1234567890123456789012345678, 1E+2, "12345678901234567890 \\" 9007199254740993"], "ttl": 4102444800 }';
  writeFileSync(file, `{ "id": { "value": { "price": 0.1234567890123456789012345678, "n": 1 } }, "other": ${untouched} }`);
  const store = open();
  const row = (await store.get('id', READ))!;
  expect(row.value).toEqual({ M: { price: { N: '0.1234567890123456789012345678' }, n: { N: '1' } } });
  const other = await store.get('other', READ);

  await store.save({ from: row, condition: 'map', fields: { set: { n: { N: '2' } }, remove: [] }, now: 1 }, LIMITS);

  expect((await store.get('id', READ))?.value).toEqual({ M: { price: { N: '0.1234567890123456789012345678' }, n: { N: '2' } } });
  expect(await store.get('other', READ)).toEqual(other);
  expect(other?.value).toEqual({
    L: [{ N: '12345678901234567890' }, { N: '-0.1234567890123456789012345678' }, { N: '100' }, { S: '12345678901234567890 " 9007199254740993' }],
  });
});

test('a file that is not there counts as empty and is made by the first write', async () => {
  const store = open();
  expect(await store.get('id', READ)).toBeUndefined();
  expect(readdirSync(directory)).toEqual([]);

  await store.create({ row: { key: { S: 'id' } } }, LIMITS);
  expect(readdirSync(directory)).toEqual(['store.json']);
});

test.each<[string, string]>([
  ['half a JSON text', '{ "id": { "value": '],
  ['an empty file', ''],
  ['a list', '[]'],
])('names a file that it cannot use and leaves it untouched: %s', async (_, content) => {
  writeFileSync(file, content);
  const store = open();

  for (const call of [() => store.get('id', READ), () => store.create({ row: { key: { S: 'id' } } }, LIMITS), () => store.destroy('id', LIMITS)]) {
    await expect(call()).rejects.toThrow(SessionStoreError);
    await expect(call()).rejects.toThrow(`the session store ${file} is not a JSON object of sessions`);
  }
  expect(readFileSync(file, 'utf8')).toBe(content);
});

test('an error does not quote the file, in which the ids are', async () => {
  for (const content of ['{ "the-secret-id": hello }', '{ "the-secret-id": { "value": 1 } ] }', '{ "the-secret-id": "text" }']) {
    writeFileSync(file, content);
    const error: unknown = await open().get('the-secret-id', READ).catch((reason) => reason);

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(inspect(error)).not.toContain('secret');
  }
});

test('a file that begins with a byte order mark is read', async () => {
  writeFileSync(file, '\uFEFF{ "id": { "value": 1 } }');
  const store = open();
  await store.create({ row: { key: { S: 'other' } } }, LIMITS);

  expect(await store.get('id', READ)).toEqual({ key: { S: 'id' }, value: { N: '1' } });
});

test.each<[string, string]>([
  ['a text', '"hello"'],
  ['bytes that are no base64', '{ "value": { "$bytes": "?" } }'],
  ['a number that is none', '{ "value": { "$number": "x" } }'],
])('an entry that is not a session (%s) fails that session alone, and is not lost', async (_, entry) => {
  writeFileSync(file, `{ "good": { "value": 1 }, "bad": ${entry} }`);
  const store = open();
  await store.create({ row: { key: { S: 'new' } } }, LIMITS);
  await store.save({ from: { key: { S: 'good' } }, condition: 'any-value', value: { N: '2' }, now: 1 }, LIMITS);

  expect((await store.get('good', READ))?.value).toEqual({ N: '2' });
  for (const call of [() => store.get('bad', READ), () => store.create({ row: { key: { S: 'bad' } } }, LIMITS)]) {
    await expect(call()).rejects.toThrow(SessionStoreError);
    await expect(call()).rejects.toThrow(`entry 2 of the session store ${file} is not a session: `);
  }
  expect(JSON.parse(readFileSync(file, 'utf8')).bad).toEqual(JSON.parse(entry));
  await store.destroy('bad', LIMITS);
  expect(await store.get('bad', READ)).toBeUndefined();
});

test.each(['absolute', 'relative', 'dangling'])('a symbolic link stays one, and the file that it leads to is written: %s', async (kind) => {
  const target = join(directory, 'elsewhere', 'target.json');
  mkdirSync(join(directory, 'elsewhere'));
  if (kind !== 'dangling') writeFileSync(target, '{ "old": {} }');
  symlinkSync(kind === 'absolute' ? target : join('elsewhere', 'target.json'), file);
  await open().create({ row: { key: { S: 'id' } } }, LIMITS);

  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(Object.keys(JSON.parse(readFileSync(target, 'utf8')))).toEqual(kind === 'dangling' ? ['id'] : ['old', 'id']);
  expect(readdirSync(join(directory, 'elsewhere'))).toEqual(['target.json']);
});

const permissions = () => statSync(file).mode.toString(8).slice(-3);

test('a new file is for its owner alone, and an existing one keeps its permissions', async () => {
  await open().create({ row: { key: { S: 'id' } } }, LIMITS);
  expect(permissions()).toBe('600');

  chmodSync(file, 0o640);
  await open().create({ row: { key: { S: 'other' } } }, LIMITS);
  expect(permissions()).toBe('640');
});

test('two stores of one process on one file lose nothing', async () => {
  const stores = [open(), open()];
  await Promise.all(Array.from({ length: 20 }, (_, i) => stores[i % 2].create({ row: { key: { S: `${i}` } } }, LIMITS)));

  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toHaveLength(20);
});

test('a failed write names the file and leaves nothing behind', async () => {
  const store = open(join(directory, 'missing', 'store.json'));

  await expect(store.create({ row: { key: { S: 'id' } } }, LIMITS)).rejects.toThrow(/^cannot write the session store .*store\.json: ENOENT/);
  expect(readdirSync(directory)).toEqual([]);
});

test('a process that is killed in mid-write leaves the old or the new content, never half of it', async () => {
  const writer = join(directory, 'writer.cjs');
  buildSync({
    stdin: {
      contents: `
        import { JsonFileStore } from './lambda-runtime/src/stores/json-file-store.ts';
        const store = new JsonFileStore(process.argv[2]);
        const value = { S: 'x'.repeat(300_000) };
        (async () => {
          await store.create({ row: { key: { S: 'id' }, value, access_counter: { N: '0' } } }, {});
          process.send('writing');
          for (;;) await store.save({ from: { key: { S: 'id' } }, condition: 'any-value', value, now: 1 }, {});
        })();`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: 'node',
    outfile: writer,
  });

  for (let i = 0; i < 8; i++) {
    rmSync(file, { force: true });
    const child = fork(writer, [file], { stdio: 'ignore' });
    await once(child, 'message');
    await sleep(Math.random() * 30);
    child.kill('SIGKILL');
    await once(child, 'exit');

    expect((await open().get('id', READ))?.value?.S).toHaveLength(300_000);
  }
});
