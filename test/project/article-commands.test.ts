import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalDynamoDB } from '../fixtures/local-dynamodb';

const REPOSITORY = join(__dirname, '..', '..');
const ARTICLE = 'https://medium.com/@roy-pstr/a-simple-way-to-manage-sessions-with-aws-lambda-dynamodb-in-python-c7aae1aa7258';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'article-')); });
afterEach(() => rmSync(folder, { recursive: true }));

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the example in a folder of its own, as the projen task does in the repository's. */
function run(script: string, args: readonly string[] = [], path = process.env.PATH): Promise<Printed> {
  const tsNode = [require.resolve('ts-node/dist/bin'), '--transpile-only', '--project', join(REPOSITORY, 'tsconfig.dev.json')];
  return new Promise((resolve) => {
    execFile(process.execPath, [...tsNode, join(REPOSITORY, 'examples/article', script), ...args], { cwd: folder, env: { ...process.env, PATH: path } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, stdout, stderr }));
  });
}

describe('npm run invoke', () => {
  const invoke = (...args: string[]) => run('invoke.ts', args);

  test('keeps the newest message', async () => {
    await invoke('ada', 'hello');
    const { stdout } = await invoke('ada', 'hello world');

    expect(stdout).toContain(String.raw`body: '{"message":"hello world","previous":"hello"}'`);
    expect(stdout).toContain("local_store.json: { ada: 'hello world' }");
    expect(stdout).toContain('update: true');
  });

  test('keeps the first message with --article, and says why', async () => {
    await invoke('--article', 'ada', 'hello');
    const { stdout } = await invoke('--article', 'ada', 'hello world');

    expect(stdout).toContain("local_store.json: { ada: 'hello' }");
    expect(stdout).toContain('update: false: the first message of a session stays, whatever comes later. Without --article, the newest one stays.');
  });

  test('shows what to call next with a new session\'s id', async () => {
    const { stdout } = await invoke('hello');
    const [, id] = /npm run invoke -- (\S+) hello/.exec(stdout)!;

    expect((await invoke(id, 'hello')).stdout).toContain('\'hello\'');
    expect(id).toHaveLength(43);
  });

  test.each([[[]], [['--help']], [['one', 'two', 'three']]])('shows how it is used, without a stack, for %j', async (args) => {
    const { code, stderr } = await invoke(...args);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^usage: npm run invoke -- \[--article\] \[session-id\] message\n/);
    expect(stderr).not.toContain('    at ');
  });
});

describe('without a Java that DynamoDB Local runs on', () => {
  const javaThat = (script: string) => {
    writeFileSync(join(folder, 'java'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'java'), 0o755);
    return folder;
  };
  const PATH = process.env.PATH;
  afterEach(() => { process.env.PATH = PATH; });

  test.each([
    ['is too old', 'echo \'openjdk version "11.0.2" 2019-01-15\' >&2', 'java is version 11'],
    ['is broken', 'echo "Error: could not open jvm.cfg" >&2; exit 1', 'java -version does not print a version, but: Error: could not open jvm.cfg'],
    ['is missing', undefined, 'there is no java on the PATH'],
  ])('dynalite is used, with the reason: it %s', async (_name, script, reason) => {
    process.env.PATH = script === undefined ? folder : javaThat(script);
    const { kind, whyDynalite, stop } = await startLocalDynamoDB();
    await stop();

    expect([kind, whyDynalite]).toEqual(['dynalite', `DynamoDB Local needs Java 17 or newer, and ${reason}`]);
  });

  test('npm run demo says so, and links the article whose listings it compares with', async () => {
    const path = javaThat('exit 1');
    symlinkSync(process.execPath, join(folder, 'node')); // esbuild's command looks for it
    const { stdout } = await run('demo.ts', [], `${path}:${PATH}`);

    expect(stdout).toContain(ARTICLE);
    expect(stdout).toContain('dynalite is an emulator in JavaScript, used because DynamoDB Local needs Java 17 or newer, and java -version does not print a version, but: nothing');
    expect(stdout).toContain('7 of 7 steps went as expected.');
  });
});
