import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { SessionFunction, SessionTable } from '../src';
import { Bundle } from './fixtures/bundle';
import { OwnFunction, sessionFunction } from './fixtures/session-function/app';

const REPOSITORY = join(__dirname, '..');
const HANDLERS = join(__dirname, 'fixtures', 'session-function');
const inline = { code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler' };

/** What ES modules write where they need these. */
const DECLARATIONS = `
  import { createRequire } from 'node:module';
  import { dirname } from 'node:path';
  import { fileURLToPath } from 'node:url';
  const require = createRequire(import.meta.url);
  const __filename = fileURLToPath(import.meta.url);
  const __dirname = dirname(__filename);
  require('node:fs').existsSync(__dirname);
`;

const bundles: Bundle[] = [];
afterAll(() => bundles.forEach((bundle) => bundle.remove()));

function bundleOf(fn: lambda.Function): Bundle {
  const bundle = new Bundle(fn);
  bundles.push(bundle);
  return bundle;
}

function functionProperties(fn: SessionFunction): Record<string, any> {
  return Object.values(Template.fromStack(fn.stack).findResources('AWS::Lambda::Function'))[0].Properties;
}

const fingerprint = expect.stringMatching(/^\d [0-9a-f]{8}$/);

describe('a session function', () => {
  it('runs on the newest Node.js of Lambda that is supported in the long term, and on arm64', () => {
    expect(functionProperties(sessionFunction('chat', inline))).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });

  it('is attached to its session table', () => {
    const stack = new Stack();
    const sessionTable = new SessionTable(stack);
    const fn = new SessionFunction(stack, 'chat', { sessionTable, ...inline, environment: { LOG_LEVEL: 'debug' } });
    expect(functionProperties(fn).Environment.Variables).toEqual({
      LOG_LEVEL: 'debug', SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessionTable.tableName),
    });
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toHaveLength(1);
  });

  it('has the runtime and the architecture that it is given', () => {
    const given = { runtime: lambda.Runtime.NODEJS_22_X, architecture: lambda.Architecture.X86_64, memorySize: 512 };
    expect(functionProperties(sessionFunction('chat', { ...inline, ...given })))
      .toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['x86_64'], MemorySize: 512 });
  });

  it('treats undefined as not set', () => {
    expect(functionProperties(sessionFunction('chat', { ...inline, runtime: undefined, architecture: undefined })))
      .toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });
});

describe('the entry of a session function', () => {
  it('is found beside the file that makes the function', () => {
    expect(bundleOf(sessionFunction('chat')).invokeThrice()).toEqual(['1', '2', '3']);
  });

  it('is found beside the file that defines a derived class', () => {
    expect(bundleOf(new OwnFunction('chat')).invokeThrice()).toEqual(['1', '2', '3']);
  });

  it('is missing: the error lists the names that it looked for', () => {
    const message = /^\[Default\/report\] has no entry, and there is no file for it .*; looked for .*app\.report\.ts, .*app\.report\.js, .* Give it an entry/;
    expect(() => sessionFunction('report')).toThrow(message);
    expect(() => new OwnFunction('report')).toThrow(message);
  });
});

describe('source maps', () => {
  const entry = join(HANDLERS, 'app.chat.ts');
  const variables = (fn: SessionFunction) => functionProperties(fn).Environment.Variables;

  it('are off, and the options of Node.js left alone', () => {
    const fn = sessionFunction('Function', { entry });
    expect(bundleOf(fn).files).toEqual(['index.mjs']);
    expect(variables(fn)).not.toHaveProperty('NODE_OPTIONS');
  });

  it('are made and read if asked for, besides the options of Node.js that there are', () => {
    const fn = sessionFunction('Function', { entry, sourceMaps: true, environment: { NODE_OPTIONS: '--no-warnings' } });
    expect(bundleOf(fn).files).toEqual(['index.mjs', 'index.mjs.map']);
    expect(variables(fn).NODE_OPTIONS).toBe('--no-warnings --enable-source-maps');
    expect(variables(sessionFunction('Function', { entry, sourceMaps: true })).NODE_OPTIONS).toBe('--enable-source-maps');
  });
});

describe('the bundle of a session function', () => {
  const withBundling = (handler: string, bundling?: BundlingOptions) =>
    bundleOf(sessionFunction('Function', { entry: join(HANDLERS, handler), bundling }));

  it('is a minified ES module', () => {
    const { file, source } = withBundling('app.chat.ts');
    expect(file).toBe('index.mjs');
    expect(source).not.toContain('// test/fixtures/session-function/app.chat.ts');
  });

  it.each<[string, BundlingOptions | undefined]>([
    ['left out', undefined],
    ['ESM', { format: OutputFormat.ESM }],
    ['ESM, not minified', { format: OutputFormat.ESM, minify: false }],
    ['CommonJS', { format: OutputFormat.CJS }],
    ['CommonJS, with CommonJS dependencies', { format: OutputFormat.CJS, mainFields: ['main'] }],
    ['ESM, with ES modules preferred', { mainFields: ['module', 'main'] }],
  ])('has one session with its CommonJS dependencies, with the format %s', (_, bundling) => {
    const bodies = withBundling('commonjs-dependency.ts', bundling).invokeThrice();
    expect(bodies).toEqual([fingerprint, fingerprint, fingerprint]);
    expect(new Set(bodies.map((body) => body.slice(2))).size).toBe(3);
    expect(bodies.map((body) => body[0])).toEqual(['1', '2', '3']);
  });

  it('keeps a banner of the caller\'s', () => {
    const bundle = withBundling('commonjs-dependency.ts', { banner: '/* (c) the caller */' });
    expect(bundle.source).toContain('/* (c) the caller */');
    expect(bundle.invokeThrice()).toEqual([fingerprint, fingerprint, fingerprint]);
  });

  it.each<[string, BundlingOptions]>([
    ['a banner that defines require()', { banner: "import { createRequire } from 'module';const require = createRequire(import.meta.url);" }],
    ['a banner that uses createRequire for something else', { banner: "import { createRequire } from 'module';const load = createRequire(import.meta.url);" }],
    ['a banner that is a comment on createRequire', { banner: '// this bundle needs createRequire' }],
    ['a banner in the arguments of esbuild', { esbuildArgs: { '--banner:js': '/* (c) the caller */' } }],
    ['such a banner, not minified', { esbuildArgs: { '--banner:js': "import { createRequire } from 'module';const require = createRequire(import.meta.url);" }, minify: false }],
    ['the format in the arguments of esbuild', { esbuildArgs: { '--format': 'cjs' } }],
  ])('runs with %s', (_, bundling) => {
    const bundle = withBundling('commonjs-dependency.ts', bundling);
    expect(bundle.source).toContain(bundling.banner ?? bundling.esbuildArgs?.['--banner:js'] ?? '');
    expect(bundle.invokeThrice()).toEqual([fingerprint, fingerprint, fingerprint]);
  });

  it.each([undefined, OutputFormat.CJS])('uses the AWS SDK that Lambda has, with the format %s', (format) => {
    const bundle = withBundling('aws-sdk.ts', { format });
    bundle.provideAwsSdk();
    expect(bundle.source.length).toBeLessThan(100_000);
    expect(bundle.invokeThrice()).toEqual(['1 eu-central-1', '2 eu-central-1', '3 eu-central-1']);
  });

  it.each([undefined, OutputFormat.CJS])('may hold the AWS SDK, with the format %s', (format) => {
    expect(withBundling('aws-sdk.ts', { format, bundleAwsSDK: true }).invokeThrice()).toEqual(['1 eu-central-1', '2 eu-central-1', '3 eu-central-1']);
  });

  describe('of dependencies that run in a NodejsFunction', () => {
    const DEPENDENCIES: Record<string, Record<string, string>> = {
      // As node-fetch 2 and isomorphic-fetch: require() of a package that has an ES module, too, expects its CommonJS.
      fetching: { 'package.json': '{ "main": "main.js", "module": "module.mjs" }', 'main.js': 'module.exports = () => "fetched";', 'module.mjs': 'export default () => "fetched";' },
      isomorphic: { 'index.js': 'const fetching = require("fetching"); module.exports = () => fetching();' },
      templates: { 'index.js': 'module.exports = () => __dirname === require("node:path").dirname(__filename) && require("node:fs").existsSync(__dirname) ? "found" : "lost";' },
    };

    it.each([
      ['with the defaults', undefined],
      ['not minified', { minify: false }],
      ['as CommonJS', { format: OutputFormat.CJS }],
      ['not minified, with code that declares the names of CommonJS itself', { minify: false, declares: true }],
    ])('runs %s', (_, options) => {
      const { declares = false, ...bundling } = (options ?? {}) as BundlingOptions & { declares?: boolean };
      const app = mkdtempSync(join(tmpdir(), 'cdk-session-table-app-'));
      try {
        for (const [name, files] of Object.entries(DEPENDENCIES)) {
          mkdirSync(join(app, 'node_modules', name), { recursive: true });
          Object.entries(files).forEach(([file, text]) => writeFileSync(join(app, 'node_modules', name, file), text));
        }
        symlinkSync(join(REPOSITORY, 'node_modules', '.bin'), join(app, 'node_modules', '.bin'));
        writeFileSync(join(app, 'package-lock.json'), '{}');
        writeFileSync(join(app, 'chat.ts'), `
          ${declares ? DECLARATIONS : ''}
          import isomorphic from 'isomorphic';
          import templates from 'templates';
          export const handler = async () => ({ body: isomorphic() + ' ' + templates() });
        `);
        const bundle = bundleOf(sessionFunction('Function', { entry: join(app, 'chat.ts'), depsLockFilePath: join(app, 'package-lock.json'), bundling }));
        expect(bundle.invokeThrice()).toEqual(Array(3).fill('fetched found'));
      } finally {
        rmSync(app, { recursive: true, force: true });
      }
    });
  });

  it('is made of one package of several, with the lock file above', () => {
    const monorepo = mkdtempSync(join(tmpdir(), 'cdk-session-table-monorepo-'));
    try {
      const service = join(monorepo, 'services', 'chat');
      cpSync(HANDLERS, join(service, 'src'), { recursive: true });
      writeFileSync(join(service, 'package.json'), JSON.stringify({ name: 'chat', private: true }));
      writeFileSync(join(monorepo, 'package.json'), JSON.stringify({ name: 'monorepo', private: true, workspaces: ['services/*'] }));
      writeFileSync(join(monorepo, 'package-lock.json'), '{}');
      mkdirSync(join(monorepo, 'node_modules'));
      symlinkSync(REPOSITORY, join(monorepo, 'node_modules', 'cdk-session-table'));
      symlinkSync(join(REPOSITORY, 'node_modules', '.bin'), join(monorepo, 'node_modules', '.bin'));

      const fn = sessionFunction('Function', {
        entry: join(service, 'src', 'commonjs-dependency.ts'),
        depsLockFilePath: join(monorepo, 'package-lock.json'),
      });
      expect(bundleOf(fn).invokeThrice()).toEqual([fingerprint, fingerprint, fingerprint]);
    } finally {
      rmSync(monorepo, { recursive: true, force: true });
    }
  });
});
