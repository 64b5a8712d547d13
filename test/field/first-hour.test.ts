import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeBlocks } from '../docs/code-blocks';
import { Consumer } from '../package/consumer';

/*
 * The first hour of somebody who has only the README: the app that the CDK command line makes, the packed package, and the blocks
 * copied in their order. Only npm's downloads are replaced, by what is installed here.
 */
const REPOSITORY = join(__dirname, '..', '..');
const INSTALLED = join(__dirname, 'node_modules');
/** What is installed here in several versions. */
const NEWEST: Readonly<Record<string, string>> = {
  'aws-cdk-lib': join(REPOSITORY, 'node_modules', 'aws-cdk-lib-newest'), 'typescript': join(INSTALLED, 'typescript7'),
};
const readme = codeBlocks().filter(({ file }) => file === 'README.md');
const block = (language: string, detail: string) => readme.find((each) => each.language === language && each.detail === detail)!.code;

let consumer: Consumer;
let app: string;

beforeAll(async () => {
  consumer = await Consumer.create();
  app = join(consumer.folder, 'visits');
  mkdirSync(app);
  const cdk = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
  await inApp(process.execPath, [cdk, 'init', 'app', '--language', 'typescript', '--generate-only']);
  // What `npm install` would put into the app.
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  for (const name of ['cdk-session-table', 'esbuild', ...Object.keys({ ...dependencies, ...devDependencies })]) {
    install(name);
  }
  writeFileSync(join(app, 'package-lock.json'), '{}');
}, 120_000);
afterAll(() => consumer?.remove());

function install(name: string): void {
  const places = [join(consumer.folder, 'node_modules'), INSTALLED, join(REPOSITORY, 'node_modules')];
  const source = NEWEST[name] ?? places.map((place) => join(place, name)).find((folder) => existsSync(folder));
  if (source === undefined) {
    throw new Error(`the app that cdk init makes needs ${name}: add it to test/field/package.json`);
  }
  const folder = join(app, 'node_modules', name);
  if (name === 'cdk-session-table') {
    cpSync(source, folder, { recursive: true }); // it finds aws-cdk-lib beside it
    return;
  }
  consumer.link(source, join('..', 'visits', 'node_modules', name));
  const { bin = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  for (const [command, file] of Object.entries<string>(typeof bin === 'string' ? { [name]: bin } : bin)) {
    if (!existsSync(join(app, 'node_modules', '.bin', command))) {
      consumer.link(join(folder, file), join('..', 'visits', 'node_modules', '.bin', command));
    }
  }
}

async function inApp(command: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { PATH, TMPDIR } = process.env;
  const env = {
    PATH, TMPDIR, HOME: consumer.folder, CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: 'true', npm_config_offline: 'true',
  };
  return promisify(execFile)(command, args, { cwd: app, env, maxBuffer: 16 * 1024 * 1024 }).catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`);
  });
}

function copy(file: string, code: string): void {
  mkdirSync(dirname(join(app, file)), { recursive: true });
  writeFileSync(join(app, file), code);
}

test('the blocks of "Deploy it" are a stack that npx cdk synth makes, as the new app is set up', async () => {
  copy('bin/visits.ts', block('ts', 'nofixture'));
  copy('lambda/visits.ts', block('mts', 'deploy'));

  const { stdout, stderr } = await inApp('npx', ['cdk', 'synth', '--quiet', '--no-notices']);

  const { Resources: resources, Outputs: outputs } = JSON.parse(readFileSync(join(app, 'cdk.out', 'Visits.template.json'), 'utf8'));
  expect(Object.values<any>(resources).map(({ Type: type }) => type)).toEqual(expect.arrayContaining([
    'AWS::DynamoDB::GlobalTable', 'AWS::Lambda::Function', 'AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Route',
  ]));
  expect(outputs).toHaveProperty('Url');
  expect(`${stdout}${stderr}`).not.toMatch(/warning|deprecated|docker/i);
}, 120_000);

test('the block of "Test your handler" passes by npx jest, as the new app is set up', async () => {
  copy('test/visits.test.ts', block('mts', 'test'));

  const { stderr } = await inApp('npx', ['jest']);

  expect(stderr).toMatch(/Tests: +2 passed, 2 total/);
}, 120_000);

test('and the app still compiles by its own npx tsc', async () => {
  const { stdout } = await inApp('npx', ['tsc']);

  expect(stdout).toBe('');
}, 120_000);

