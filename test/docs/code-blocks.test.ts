import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeBlocks } from './code-blocks';
import type { CodeBlock } from './code-blocks';
import { Consumer } from '../package/consumer';

const REPOSITORY = join(__dirname, '..', '..');
/** What the blocks may import beside the package. */
const OTHER_IMPORTS = ['@aws-lambda-powertools', '@aws-sdk', '@middy', '@types/aws-lambda', 'arktype', 'hono', 'valibot', 'zod'];
const COMPILED = ['mts', 'ts'];
/** Not code, or run by another test. */
const ELSEWHERE = ['console', 'mermaid', 'yaml', 'hcl', 'python', 'java', 'xml', ''];

const blocks = codeBlocks();
const written = (language: string, detail?: string) => blocks.filter((block) =>
  block.language === language && (detail === undefined || block.detail === detail));

let consumer: Consumer;
beforeAll(async () => {
  consumer = await Consumer.create();
  for (const name of OTHER_IMPORTS.filter((each) => each !== '@types/aws-lambda')) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(consumer.folder, 'node_modules', name));
  }
});
afterAll(() => consumer?.remove());

function write(name: string, code: string): string {
  mkdirSync(join(consumer.folder, 'blocks'), { recursive: true });
  const file = join('blocks', name);
  writeFileSync(join(consumer.folder, file), code);
  return file;
}

test('every block is fenced as a language that a test knows', () => {
  const known = [...COMPILED, 'js', ...ELSEWHERE];

  expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place, language }) => `${place} ${language}`)).toEqual([]);
  expect(blocks.length).toBeGreaterThan(20);
});

test('the blocks in TypeScript compile in an app that has the package installed', async () => {
  const complete = [...written('mts'), ...written('ts', 'nofixture')];
  const files = complete.map(({ code, language }, index) => write(`block-${index}.${language === 'mts' ? 'mts' : 'ts'}`, code));
  const compilerOptions = {
    noEmit: true, strict: true, skipLibCheck: true, target: 'es2022', lib: ['es2022'], types: ['node'], module: 'preserve', moduleResolution: 'bundler',
  };
  writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));

  expect(files.length).toBeGreaterThan(3);
  expect(await consumer.runInstalled('typescript/bin/tsc', '-p', 'tsconfig.json')).toBe('');
});

test.each(written('js', '').filter(({ code }) => code.includes('export const handler')).map((block) => [block.place, block] as const))(
  'the handler in %s loads as JavaScript and is a function', async (_place, { code }: CodeBlock) => {
    const file = write(`handler-${Math.random().toString(36).slice(2)}.mjs`, code);

    expect(await consumer.run(['--input-type=module', '--eval', `console.log(typeof (await import('./${file}')).handler)`])).toBe('function\n');
  });

describe('in the README', () => {
  /** Runs a handler of the README as clients would, on sessions in memory; `steps` is code that ends with what it found in `found`. */
  async function found(name: string, steps: string): Promise<unknown> {
    const [{ code }] = written('js', '').filter((block) => block.place.startsWith('README.md') && block.code.includes(name));
    const file = write(`readme-${Math.random().toString(36).slice(2)}.mjs`, code);
    return JSON.parse(await consumer.run(['--input-type=module', '--eval', `
      import { cookieTransport, initSessionStore } from 'cdk-session-table/lambda-runtime';
      import { invoke } from 'cdk-session-table/lambda-runtime/testing';
      import { handler } from './${file}';
      initSessionStore({ runtime: true });
      ${steps}
      console.log(JSON.stringify(found));`]));
  }

  test('a user signs in with two devices, and signs out everywhere', async () => {
    expect(await found('signIn', `
      const options = { transport: cookieTransport(), hashIds: true };
      const logIn = (device) => invoke(handler, { path: '/login', body: { user: 'user-1', device }, options });
      const [laptop, phone] = [await logIn('laptop'), await logIn('phone')];
      const visit = async (path, { cookies }) => {
        const { statusCode, body } = await invoke(handler, { path, cookies, options });
        return [statusCode, body && JSON.parse(body).map(({ label, isCurrent }) => [label, isCurrent]).sort()];
      };
      const found = [await visit('/', phone), await visit('/sign-out-everywhere', phone), await visit('/', phone), await visit('/', laptop)];
    `)).toEqual([[200, [['laptop', false], ['phone', true]]], [200, []], [401, ''], [401, '']]);
  });

  test('a conversation goes on in the next invocation, and nobody else sees it', async () => {
    expect(await found('conversation()', `
      const say = async (body, headers) => invoke(handler, { body, headers });
      const first = await say('hello');
      const texts = ({ body }) => JSON.parse(body).map(({ role, text }) => role + ': ' + text);
      const found = [texts(await say('and more', first.headers)), texts(await say('hi'))];
    `)).toEqual([
      ['user: hello', 'assistant: You said: hello', 'user: and more', 'assistant: You said: and more'],
      ['user: hi', 'assistant: You said: hi'],
    ]);
  });
});

test('the streaming handler loads where Lambda offers streaming', async () => {
  const [{ code }] = written('js', 'streaming');
  const file = write('streaming.mjs', code);
  const run = `globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: { from: (stream) => stream } };
    console.log(typeof (await import('./${file}')).handler)`;

  expect(await consumer.run(['--input-type=module', '--eval', run])).toBe('function\n');
});

test('the tests in the README pass under node:test', async () => {
  const own = written('js', '').filter(({ code }) => code.includes('node:test'));
  const file = write('readme.test.mjs', own.map(({ code }) => code).join('\n'));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;

  expect(own).toHaveLength(1);
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter', 'tap', file], { cwd: consumer.folder, env });
  expect(stdout).toMatch(/^# pass 2$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});

test('the tests in docs/testing.md pass under jest', async () => {
  const [{ code }] = written('js', 'jest');
  write('page.test.cjs', code.replace(/^import (\{.*?\}) from (.*);$/gm, 'const $1 = require($2);'));
  const config = JSON.stringify({ rootDir: consumer.folder, testMatch: ['**/blocks/page.test.cjs'], transform: {}, moduleFileExtensions: ['js', 'cjs', 'json'] });

  const { stderr } = await promisify(execFile)(process.execPath, [require.resolve('jest/bin/jest'), '--config', config], { cwd: consumer.folder });
  expect(stderr).toMatch(/Tests: +3 passed, 3 total/);
});

describe('snippets for those without CDK', () => {
  const properties = ['key', 'ttl', 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

  test.each(['yaml', 'hcl'])('the %s names the key, the TTL attribute and the permissions', (language) => {
    const page = readFileSync(join(REPOSITORY, 'docs/without-cdk.md'), 'utf8');
    const [{ code }] = written(language);

    expect(properties.filter((property) => !(property.startsWith('SESSION') ? page : code).includes(property))).toEqual([]);
  });
});

test('the app in Java is part of the one that npm run languages compiles and runs', () => {
  const app = readFileSync(join(REPOSITORY, 'test/languages/java-app/src/main/java/SessionsApp.java'), 'utf8').replace(/^ +/gm, '');
  const pom = readFileSync(join(REPOSITORY, 'test/languages/java-app/pom.xml'), 'utf8');

  written('java').forEach(({ code }) => expect(app).toContain(code));
  expect(written('java')).not.toEqual([]);
  expect(pom).toContain('<groupId>io.github.cdk-session-table</groupId>');
});

test('every link of the README leads to a file that there is', () => {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const links = Array.from(readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g), ([, link]) => link).filter((link) => !/^https:\/\/(?!github\.com\/cdk-session-table)/.test(link));
  const missing = links.map((link) => link.replace(/^https:\/\/github\.com\/cdk-session-table\/cdk-session-table\/(blob|tree)\/main\//, '').replace(/\?raw=true$/, ''))
    .filter((path) => !exists(path));

  expect(links.filter((link) => !link.startsWith('https://'))).toEqual([]); // npm shows the README too
  expect(missing).toEqual([]);
});

function exists(path: string): boolean {
  const folder = join(REPOSITORY, path, '..');
  return readdirSync(folder).includes(path.split('/').filter(Boolean).at(-1)!);
}
