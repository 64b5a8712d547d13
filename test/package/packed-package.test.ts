import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { buildSync } from 'esbuild';
import { Consumer } from './consumer';
import { ENTRIES } from '../../lambda-runtime/entries';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb';

const FUNCTIONS = ['CommonJs', 'CommonJsOnNode22', 'Esm', 'EsmOnNode22'];
const RUNTIME = 'lambda-runtime/lib';
const dynamodb = useLocalDynamoDB();

let consumer: Consumer;
beforeAll(async () => { consumer = await Consumer.create(); });
afterAll(() => consumer?.remove());

describe('the tarball', () => {
  test('holds what must be published and nothing else', () => {
    const files = filesBelow(consumer.packageFolder);
    const published = [
      /^(package\.json|README\.md|LICENSE|API\.md|\.jsii)$/,
      /^lib\/[\w/-]+(\.d\.ts|\.js)$/,
      /^lambda-runtime\/lib\/THIRD-PARTY-LICENSES\.txt$/,
      new RegExp(`^lambda-runtime/lib/(esm|cjs)/(package\\.json|(${Object.values(ENTRIES).join('|')})\\.js(\\.map)?|[\\w/-]+\\.d\\.ts)$`),
    ];

    expect(files.filter((file) => !published.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'API.md', '.jsii', 'lib/index.js', 'lib/index.d.ts']));
  });

  test.each(['esm', 'cjs'])('names the licence of everything that is bundled into the %s runtime', (format) => {
    const licenses = packaged(`${RUNTIME}/THIRD-PARTY-LICENSES.txt`);

    expect(bundledPackages(format)).toContain('@smithy/signature-v4');
    expect(bundledPackages(format).filter((name) => !licenses.includes(`${name} `))).toEqual([]);
  });

  test.each(['esm', 'cjs'])('has no AWS SDK client in the %s runtime', (format) => {
    expect(bundledPackages(format).filter((name) => name.startsWith('@aws-sdk/'))).toEqual([]);
  });
});

describe('types', () => {
  test.each([
    ['node10', 'types.ts', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
    ['node16 from CommonJS', 'types.ts', { module: 'node16', moduleResolution: 'node16' }],
    ['node16 from an ES module', 'types.mts', { module: 'node16', moduleResolution: 'node16' }],
    ['bundler', 'types.ts', { module: 'preserve', moduleResolution: 'bundler' }],
  ])('of the runtime resolve by %s and need those of no dependency', async (_name, file, options) => {
    copyFileSync(join(consumer.folder, 'types.ts'), join(consumer.folder, 'types.mts'));

    expect(await typeErrors(file, options)).toBe('');
  });

  test.each([
    ['node10', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
    ['node16', { module: 'node16', moduleResolution: 'node16' }],
  ])('of the construct resolve by %s', async (_name, options) => {
    expect(await typeErrors('app.ts', { ...options, skipLibCheck: true })).toBe(''); // aws-cdk-lib's take long
  });

  function typeErrors(file: string, options: object): Promise<string> {
    const compilerOptions = { noEmit: true, strict: true, target: 'es2022', lib: ['es2022'], types: ['node'], ...options };
    writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    return consumer.runInstalled('typescript/bin/tsc', '-p', 'tsconfig.json');
  }
});

describe('a CDK app of a consumer', () => {
  beforeAll(async () => {
    await consumer.runInstalled('esbuild/bin/esbuild', 'app.ts', '--outfile=app.js', '--format=cjs', '--platform=node');
    await consumer.run(['app.js']);
  });

  test('has no AWS SDK installed', async () => {
    await expect(consumer.run(['--eval', "require('@aws-sdk/client-dynamodb')"])).rejects.toThrow("Cannot find module '@aws-sdk/client-dynamodb'");
  });

  test.each(FUNCTIONS)('bundles the handler and its CommonJS helper with one session between them: %s', async (id) => {
    const { bundle, environment } = synthesised(id, await dynamodb.createTable());

    expect(await invokeTwice(bundle, environment)).toEqual(['1', '2']);
  });

  function synthesised(id: string, tableName: string) {
    const { Resources: resources } = JSON.parse(readFileSync(join(consumer.folder, 'cdk.out', 'Consumer.template.json'), 'utf8'));
    const { Properties: properties } = Object.entries<any>(resources)
      .find(([logicalId, { Type: type }]) => type === 'AWS::Lambda::Function' && new RegExp(`^${id}[0-9A-F]{8}$`).test(logicalId))![1];

    const asset = join(consumer.folder, 'cdk.out', `asset.${properties.Code.S3Key.replace('.zip', '')}`);
    const variables = Object.entries(properties.Environment.Variables as Record<string, unknown>);
    return {
      bundle: join(asset, readdirSync(asset).find((file) => /^index\.m?js$/.test(file))!),
      // What is no text in the template is the reference to the table.
      environment: Object.fromEntries(variables.map(([name, value]) => [name, typeof value === 'string' ? value : tableName])),
    };
  }
});

describe('a handler in plain Node', () => {
  test.each([['esm', 'handler.mjs'], ['cjs', 'handler.cjs']])('shares its session with a CommonJS helper: %s', async (format, file) => {
    await consumer.runInstalled('esbuild/bin/esbuild', 'handler.ts', `--outfile=${file}`, `--format=${format}`, '--platform=node');

    const environment = { SESSION_LAMBDA_DYNAMODB_TABLE_NAME: await dynamodb.createTable() };
    expect(await invokeTwice(join(consumer.folder, file), environment)).toEqual(['1', '2']);
  });
});

test('a minified ES module of a handler weighs at most 86 kB, holds no AWS SDK client, and no cookies if it uses a header', () => {
  const { metafile, text, bytes } = handlerBundle();

  expect(Object.keys(metafile.inputs)).toEqual([`node_modules/cdk-session-table/${RUNTIME}/esm/index.js`, '<stdin>']);
  expect(bytes).toBeLessThanOrEqual(86_000);
  expect(text).not.toContain('HttpOnly');
});

test('an ES module of a handler imports none of Node\'s modules, of which Node would load every lazy part', () => {
  const [{ imports }] = Object.values(handlerBundle().metafile.outputs);

  expect(imports).toEqual([]);
});

test('loading a handler loads neither cryptography nor HTTP', async () => {
  writeFileSync(join(consumer.folder, 'loaded.mjs'), handlerBundle().text);
  writeFileSync(join(consumer.folder, 'loading.mjs'), `
    const before = new Set(process.moduleLoadList);
    await import('./loaded.mjs');
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));
  `);
  const loaded: string[] = JSON.parse(await consumer.run(['loading.mjs']));

  expect(loaded.filter((name) => /^NativeModule (crypto|http|https|tls|net|stream|internal\/deps\/undici\/undici|internal\/crypto\/.*)$/.test(name))).toEqual([]);
});

function handlerBundle() {
  const { metafile, outputFiles } = buildSync({
    stdin: {
      contents: `
        import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';
        export const handler = session(async () => {
          setSessionData((getSessionData() ?? 0) + 1);
          return { statusCode: 200, body: String(getSessionData()) };
        }, { update: true });`,
      resolveDir: consumer.folder,
    },
    absWorkingDir: consumer.folder,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
  });
  return { metafile, text: outputFiles[0].text, bytes: outputFiles[0].contents.byteLength };
}

/** The bodies of two answers to one client. */
async function invokeTwice(file: string, environment: Record<string, string>): Promise<string[]> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_DYNAMODB } = process.env as Record<string, string>;
  const aws = { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_DYNAMODB };
  return JSON.parse(await consumer.run(['invoke-twice.mjs', file], { ...aws, ...environment }));
}

/** The packages whose files are in a bundle of the runtime. */
function bundledPackages(format: string): string[] {
  const { sources } = JSON.parse(packaged(`${RUNTIME}/${format}/index.js.map`)) as { sources: string[] };
  return sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}

function packaged(file: string): string {
  return readFileSync(join(consumer.packageFolder, file), 'utf8');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'));
}
