import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { codeBlocks } from './code-blocks';
import { DynamoDBStore, getSessionData, session, setSessionData } from '../../lambda-runtime/src/index.js';
import { LOCAL_CLIENT } from '../fixtures/session-table';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb';
import { Consumer } from '../package/consumer';

const REPOSITORY = join(__dirname, '..', '..');
/** What the blocks may import beside the package. */
const OTHER_IMPORTS = ['@aws-lambda-powertools', '@aws-sdk', '@middy', '@types/aws-lambda', 'arktype', 'hono', 'valibot', 'zod'];

const blocks = codeBlocks();
const written = (language: string, detail?: string) => blocks.filter((block) =>
  block.language === language && (detail === undefined || block.detail === detail));
const dynamodb = useLocalDynamoDB();

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

test('every block is run by a test, or says why it cannot be', () => {
  // A new block needs a name after its language (`js login`) and a scenario in handler-samples.test.ts, or a line in code-blocks.ts.
  expect(blocks.filter(({ runner }) => runner === undefined).map(({ place, language, detail }) => `${place} ${language} ${detail}`)).toEqual([]);
  expect(blocks.length).toBeGreaterThan(30);
});

test('the tests that run blocks exist', () => {
  const files = blocks.flatMap(({ runner }) => runner?.match(/[\w/.-]+\.ts\b/g) ?? []);
  const missing = [...new Set(files)].filter((file) => !existsSync(join(REPOSITORY, 'test', file)) && !existsSync(join(__dirname, file)));

  expect(missing).toEqual([]);
});

test('the blocks in TypeScript compile in an app that has the package installed', async () => {
  const complete = [...written('mts').filter(({ detail }) => detail !== 'test'), ...written('ts', 'nofixture')];
  const files = complete.map(({ code, language }, index) => write(`block-${index}.${language === 'mts' ? 'mts' : 'ts'}`, code));
  const compilerOptions = {
    noEmit: true, strict: true, skipLibCheck: true, target: 'es2022', lib: ['es2022'], types: ['node'], module: 'preserve', moduleResolution: 'bundler',
  };
  writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));

  expect(files.length).toBeGreaterThan(3);
  expect(await consumer.runInstalled('typescript/bin/tsc', '-p', 'tsconfig.json')).toBe('');
});

describe('apps', () => {
  test.each(written('ts', 'nofixture').map((block) => [block.place, block] as const))('the one in %s synthesises a table and a function', async (_place, { code }) => {
    writeDeployedHandler();
    const file = write(`app-${Math.random().toString(36).slice(2)}.ts`, code);

    expect(await resourceTypes(file)).toEqual(expect.arrayContaining(['AWS::Lambda::Function', 'AWS::IAM::Policy']));
  }, 120_000);

  test('the part of one in docs/security-hub.md makes the table that it says', async () => {
    const [{ code }] = written('ts').filter(({ file }) => file === 'docs/security-hub.md');
    const file = write('security-hub.ts', `
      import { App, Stack } from 'aws-cdk-lib';
      import * as backup from 'aws-cdk-lib/aws-backup';
      import { SessionTable } from 'cdk-session-table';
      class Blocks extends Stack {
        constructor() {
          super(new App(), 'Visits', { env: { account: '111111111111', region: 'eu-central-1' } });
          const plan = backup.BackupPlan.daily35DayRetention(this, 'Plan');
          ${code.replace(/^declare .*$/m, '')}
        }
      }
      new Blocks();`);

    expect(await resourceTypes(file)).toEqual(expect.arrayContaining(['AWS::DynamoDB::GlobalTable', 'AWS::Backup::BackupSelection']));
  });

  /** What the app's only stack has. */
  async function resourceTypes(file: string): Promise<string[]> {
    const js = file.replace(/ts$/, 'cjs');
    const outdir = `${js}.out`;
    await consumer.runInstalled('esbuild/bin/esbuild', file, `--outfile=${js}`, '--format=cjs', '--platform=node');
    await consumer.run([js], { CDK_OUTDIR: outdir });
    const { Resources: resources } = JSON.parse(readFileSync(join(consumer.folder, outdir, 'Visits.template.json'), 'utf8'));
    return Object.values<{ Type: string }>(resources).map(({ Type: type }) => type);
  }
});

/** The handler of the README, where its app and the commands of docs/without-cdk.md look for it. */
function writeDeployedHandler(): void {
  mkdirSync(join(consumer.folder, 'lambda'), { recursive: true });
  writeFileSync(join(consumer.folder, 'lambda', 'visits.ts'), written('mts', 'deploy')[0].code);
}

test('the tests in docs/testing.md pass under node:test', async () => {
  const own = written('js', 'node-test');
  const file = write('page.test.mjs', own.map(({ code }) => code).join('\n'));
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
  const statement = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
  const [{ code: yaml }] = written('yaml');
  const [{ code: hcl }] = written('hcl');
  let resources: Record<string, { Properties: any }>;
  beforeAll(() => {
    const stack = new Stack(new App(), 'Sam');
    new CfnInclude(stack, 'Included', { templateFile: join(consumer.folder, write('template.yaml', yaml)) });
    resources = Template.fromStack(stack).toJSON().Resources;
  });

  test('the table of the template is one that sessions can be kept in', async () => {
    const { KeySchema, AttributeDefinitions, BillingMode, TimeToLiveSpecification } = resources.Sessions.Properties;
    const store = new DynamoDBStore({ tableName: await createTable(dynamodb.endpoint, { KeySchema, AttributeDefinitions, BillingMode }) });

    expect(await visits(store)).toEqual([1, 2]);
    expect(TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
  });

  test('the function of the template has the table\'s name and its permissions', () => {
    const { Environment, Policies } = resources.Visits.Properties;

    expect(Environment.Variables).toEqual({ SESSION_LAMBDA_DYNAMODB_TABLE_NAME: { Ref: 'Sessions' } });
    expect(Policies).toEqual([{ Statement: [{ Effect: 'Allow', Action: statement, Resource: { 'Fn::GetAtt': 'Sessions.Arn' } }] }]);
  });

  // Terraform cannot be run here. npm run e2e parses the snippet.
  test('the table of the Terraform snippet has the same key, TTL and permissions', () => {
    expect(hcl).toMatch(/hash_key += "key"\n/);
    expect(hcl).toMatch(/attribute \{\n +name = "key"\n +type = "S"\n/);
    expect(hcl).toMatch(/ttl \{\n +attribute_name = "ttl"\n +enabled += true\n/);
    expect(JSON.parse(/Action += (\[.*\])/.exec(hcl)![1])).toEqual(statement);
  });
});

describe('commands', () => {
  /** The lines of console blocks, and where each is run, or why it is not. */
  const COMMANDS: ReadonlyArray<readonly [line: RegExp, runner: string]> = [
    [/^mkdir visits && cd visits && npx aws-cdk init app --language typescript$/, 'field/first-hour.test.ts, without the npm install that it ends with'],
    [/^npm install (--save-dev )?[a-z-]+$/, 'field/first-hour.test.ts, from a tarball instead of the registry'],
    [/^\$ npx cdk (bootstrap +#.*|deploy|destroy)$/, 'npm run e2e'],
    [/^\$ URL=/, 'handler-samples.test.ts, which has another'],
    [/^\$ curl /, 'handler-samples.test.ts'],
    [/^(session-id: 3vyH…|visit \d of \/hello)$/, 'handler-samples.test.ts'],
    [/^pip install cdk-session-table$/, 'npm run languages, from the wheel that it builds'],
    [/^npx esbuild /, 'below'],
    [/^aws dynamodb create-table /, 'below'],
    [/^export AWS_/, 'below'],
    [/^docker run /, 'nothing: needs Docker; the tests start the same jar'],
    [/^npm (ci|run bench( -- [a-z -]+)?)$/, 'below, for their names; they take long'],
  ];

  test('each is run somewhere, or says why not', () => {
    const lines = written('console').flatMap(({ place, code }) => code.trimEnd().split('\n').map((line) => ({ place, line })));

    expect(lines.filter(({ line }) => !COMMANDS.some(([pattern]) => pattern.test(line)))).toEqual([]);
  });

  const command = (start: string) => written('console').flatMap(({ code }) => code.split('\n')).find((line) => line.startsWith(start))!;

  test('esbuild bundles the handler as docs/without-cdk.md says', async () => {
    writeDeployedHandler();
    const [, , ...args] = command('npx esbuild ').split(' ');
    await consumer.runInstalled('esbuild/bin/esbuild', ...args);

    expect(await consumer.run(['--eval', 'import(\'./dist/index.mjs\').then(({ handler }) => console.log(typeof handler))'])).toBe('function\n');
  });

  test('the table that docs/testing.md creates, and the variables that it exports, keep sessions', async () => {
    const options = Object.fromEntries([...command('aws dynamodb create-table').matchAll(/--([a-z-]+) (\S+)/g)].map(([, name, value]) => [name, value]));
    const variables = Object.fromEntries(command('export ').slice('export '.length).split(' ').map((assignment) => assignment.split('=')));
    const fields = (text: string) => [Object.fromEntries(text.split(',').map((pair) => pair.split('=')))];
    await createTable(dynamodb.endpoint, {
      TableName: options['table-name'],
      BillingMode: options['billing-mode'] as 'PAY_PER_REQUEST',
      AttributeDefinitions: fields(options['attribute-definitions']) as never,
      KeySchema: fields(options['key-schema']) as never,
    });
    expect(variables.AWS_ENDPOINT_URL_DYNAMODB).toBe(options['endpoint-url']);
    Object.assign(process.env, variables, { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint });

    expect(await visits()).toEqual([1, 2]);
  });

  test('the scripts of docs/benchmarks.md exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));

    expect(scripts).toHaveProperty('bench');
    expect(readdirSync(join(REPOSITORY, 'bench', 'sections'))).toEqual(expect.arrayContaining(
      command('npm run bench --').split(' ').slice(4).map((section) => `${section}.ts`)));
  });

  test('env.json of docs/testing.md names variables that the runtime reads', () => {
    const [{ code }] = written('json');
    const read = ['AWS_ENDPOINT_URL_DYNAMODB', 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME'];

    expect(Object.keys(JSON.parse(code).Parameters).sort()).toEqual(read);
  });
});

/** What a client's two visits count. */
async function visits(store?: DynamoDBStore): Promise<number[]> {
  const handler = session(async () => {
    setSessionData((getSessionData<number>() ?? 0) + 1);
    return getSessionData<number>()!;
  }, { ...(store !== undefined && { store }), update: true, ttl: 900, sessionId: () => 'client' });
  return [await handler({}), await handler({})];
}

/** Returns the name. */
async function createTable(endpoint: string, input: Omit<CreateTableCommandInput, 'TableName'> & { TableName?: string }): Promise<string> {
  const client = new DynamoDB({ ...LOCAL_CLIENT, endpoint });
  try {
    const { TableDescription } = await client.createTable({ TableName: `blocks-${Math.random().toString(36).slice(2)}`, ...input });
    return TableDescription!.TableName!;
  } finally {
    client.destroy();
  }
}

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
