import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb';
import { Consumer } from '../package/consumer';

/*
 * The rows of docs/compatibility.md: each tool takes the packed package into a handler with a helper in CommonJS, and the
 * handler is run: its two visits count only if both use one copy of the runtime.
 */
const REPOSITORY = join(__dirname, '..', '..');
const INSTALLED = join(__dirname, 'node_modules');
const TOOLS = ['@rollup/plugin-commonjs', '@rollup/plugin-node-resolve', 'rolldown', 'rollup', 'tsup', 'typescript7', 'vitest', 'webpack'];
/** The commands that these packages bring for this machine; their wrappers would fetch them. */
const BUN = join(INSTALLED, '@oven', `bun-${process.platform}-${process.arch}`, 'bin', 'bun');
const DENO = join(INSTALLED, '@deno', `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`, 'deno');

const dynamodb = useLocalDynamoDB();
let consumer: Consumer;
let environment: Record<string, string>;

beforeAll(async () => {
  consumer = await Consumer.create();
  TOOLS.forEach((name) => consumer.link(join(INSTALLED, name), name));
  await consumer.runInstalled('esbuild/bin/esbuild', 'handler.ts', '--outfile=handler.mjs', '--format=esm');
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_DYNAMODB } = process.env as Record<string, string>;
  environment = {
    AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_DYNAMODB, SESSION_LAMBDA_DYNAMODB_TABLE_NAME: await dynamodb.createTable(),
  };
});
afterAll(() => consumer?.remove());

/** The bodies of two visits to a handler that is one file. */
async function visit(file: string): Promise<string> {
  return consumer.run(['invoke-twice.mjs', file], environment);
}

/** Runs a script of a tool that is used by its API. */
function script(code: string): Promise<string> {
  return consumer.run(['--input-type=module', '--eval', code]);
}

const TWO_VISITS = '["1","2"]\n';

describe('bundlers', () => {
  test.each([['ES module', 'mjs', 'esm'], ['CommonJS', 'cjs', 'cjs']])('esbuild: %s', async (_name, extension, format) => {
    await consumer.runInstalled('esbuild/bin/esbuild', 'handler.ts', '--bundle', '--platform=node', `--format=${format}`, `--outfile=esbuild.${extension}`);

    expect(await visit(`esbuild.${extension}`)).toBe(TWO_VISITS);
  });

  test('tsup', async () => {
    await consumer.runInstalled('tsup/dist/cli-default.js', 'handler.ts', '--format', 'esm,cjs', '--platform', 'node', '--out-dir', 'tsup', '--no-config');

    expect([await visit('tsup/handler.mjs'), await visit('tsup/handler.js')]).toEqual([TWO_VISITS, TWO_VISITS]);
  });

  test.each([
    ['ES module', 'mjs', 'module', { minimize: false }], ['CommonJS', 'cjs', 'commonjs2', {}],
  ])('webpack: %s', async (_name, extension, type, optimization) => {
    const options = {
      mode: 'production',
      target: 'node22',
      entry: './handler.mjs',
      context: consumer.folder,
      experiments: { outputModule: type === 'module' },
      optimization,
      output: { path: join(consumer.folder, 'webpack'), filename: `handler.${extension}`, library: { type } },
    };
    await script(`
      import webpack from 'webpack';
      webpack(${JSON.stringify(options)}, (error, stats) => {
        if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString());
      });`);

    expect(await visit(`webpack/handler.${extension}`)).toBe(TWO_VISITS);
  });

  test.each([['ES module', 'mjs', 'es'], ['CommonJS', 'cjs', 'cjs']])('rollup: %s', async (_name, extension, format) => {
    await script(`
      import commonjs from '@rollup/plugin-commonjs';
      import resolve from '@rollup/plugin-node-resolve';
      import { rollup } from 'rollup';
      const bundle = await rollup({ input: 'handler.mjs', plugins: [resolve({ preferBuiltins: true }), commonjs()] });
      await bundle.write({ file: 'rollup.${extension}', format: '${format}' });`);

    expect(await visit(`rollup.${extension}`)).toBe(TWO_VISITS);
  });

  test.each([['ES module', 'mjs', 'esm'], ['CommonJS', 'cjs', 'cjs']])('rolldown: %s', async (_name, extension, format) => {
    await script(`
      import { build } from 'rolldown';
      await build({ input: 'handler.ts', platform: 'node', output: { file: 'rolldown.${extension}', format: '${format}' } });`);

    expect(await visit(`rolldown.${extension}`)).toBe(TWO_VISITS);
  });
});

describe('runtimes', () => {
  const onlyWith = (command: string) => existsSync(command) ? test : test.skip; // npm has no binary for every machine

  onlyWith(BUN)('Bun runs the TypeScript as it is', async () => {
    expect(await consumer.execute(BUN, ['invoke-twice.mjs', './handler.ts'], environment)).toBe(TWO_VISITS);
  });

  onlyWith(BUN)('Bun bundles it', async () => {
    await consumer.execute(BUN, ['build', 'handler.ts', '--target', 'node', '--outfile', 'bun.mjs']);

    expect(await visit('bun.mjs')).toBe(TWO_VISITS);
  });

  onlyWith(DENO)('Deno runs the TypeScript as it is', async () => {
    expect(await consumer.execute(DENO, ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', 'invoke-twice.mjs', './handler.ts'], environment)).toBe(TWO_VISITS);
  });
});

describe('TypeScript 7', () => {
  test.each([
    ['node16', 'node16'], ['nodenext', 'nodenext'], ['bundler', 'preserve'],
  ])('reads the types by moduleResolution %s', async (moduleResolution, module) => {
    const compilerOptions = { noEmit: true, strict: true, target: 'es2022', lib: ['es2022'], types: ['node'], module, moduleResolution };
    writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts', 'handler.ts'] }));

    expect(await consumer.runInstalled('typescript7/bin/tsc', '-p', 'tsconfig.json')).toBe('');
  });
});

describe('test runners', () => {
  const PAGE = readFileSync(join(REPOSITORY, 'docs', 'testing.md'), 'utf8');
  const block = (runner: string) => new RegExp(`^\`\`\`js ${runner}\\n(.*?)^\`\`\`$`, 'ms').exec(PAGE)![1];

  test.each([
    ['ts-jest', join(REPOSITORY, 'node_modules', 'ts-jest'), { diagnostics: false, tsconfig: { module: 'commonjs', allowJs: true, ignoreDeprecations: '6.0' } }],
    ['swc', join(INSTALLED, '@swc/jest'), { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
  ])('jest with %s passes the tests of docs/testing.md, written in ES modules', async (name, transformer, options) => {
    const file = `${name}.page.ts`;
    writeFileSync(join(consumer.folder, file), block('jest'));
    const config = JSON.stringify({ rootDir: consumer.folder, testMatch: [`**/${file}`], transform: { '\\.ts$': [transformer, options] } });

    const { stderr } = await consumer.executeAll(process.execPath, [require.resolve('jest/bin/jest'), '--config', config]);
    expect(stderr).toMatch(/Tests: +3 passed, 3 total/);
  });

  test('vitest passes the tests of docs/testing.md', async () => {
    writeFileSync(join(consumer.folder, 'page.test.mjs'), block('vitest'));

    const { stdout } = await consumer.executeAll(process.execPath, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', 'page.test.mjs', '--reporter', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: 2, numTotalTests: 2 });
  });
});

test('docs/compatibility.md names the versions that are tried here', () => {
  const page = readFileSync(join(REPOSITORY, 'docs', 'compatibility.md'), 'utf8');
  const tried: Record<string, string> = {
    'TypeScript 7': join(INSTALLED, 'typescript7'),
    'TypeScript 6': join(REPOSITORY, 'node_modules', 'typescript'),
    'esbuild': join(REPOSITORY, 'node_modules', 'esbuild'),
    'jest with ts-jest': join(REPOSITORY, 'node_modules', 'ts-jest'),
    'jest with swc': join(INSTALLED, '@swc', 'jest'),
    'Bun': join(INSTALLED, 'bun'),
    'Deno': join(INSTALLED, 'deno'),
    ...Object.fromEntries(['rolldown', 'rollup', 'tsup', 'vitest', 'webpack'].map((name) => [name, join(INSTALLED, name)])),
  };
  const rows = Object.fromEntries([...page.matchAll(/^\| (.*?) \| (\d[\d.]*) \|/gm)].map(([, name, version]) => [name, version]));

  expect(rows).toEqual(Object.fromEntries(Object.entries(tried).map(([name, folder]) =>
    [name, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version])));
});
