import { join } from 'node:path';
import { buildSync } from 'esbuild';

const REPOSITORY = join(__dirname, '..', '..');

/**
 * What the same handler weighed before there were cookies, WebSockets, updates and the like, and what these may add to it. Endpoints
 * and credentials resolved as the SDK does are 6 kB of that, distinguishing events and results and links 4 kB, warming up in
 * init 3 kB, following sessions that have moved 2 kB, the index of users' sessions 4 kB: every handler may renew, move or end a session
 * that another one has signed in.
 */
const BYTES_WITH_HEADERS_ONLY = 43_255;
const BYTES_FOR_THE_REST = 43_500;

/** Bundles a handler as esbuild does for a user. */
function bundle(handler: string) {
  const { metafile, outputFiles } = buildSync({
    stdin: { contents: `import * as runtime from './lambda-runtime/src/index.js';\nexport const handler = ${handler};`, loader: 'ts', resolveDir: REPOSITORY },
    absWorkingDir: REPOSITORY,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: ['@smithy/core/event-streams'], // as in the published bundle
    metafile: true,
    write: false,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  return { bytes: outputFiles[0].contents.byteLength, files: Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0) };
}

const ARTICLE = `runtime.session(async () => {
  runtime.setSessionData((runtime.getSessionData() ?? 0) + 1);
  return { statusCode: 200, body: String(runtime.getSessionData()) };
}, { update: true, ttl: 900 })`;

test('a handler that uses a header has grown by at most 43.5 kB', () => {
  expect(bundle(ARTICLE).bytes - BYTES_WITH_HEADERS_ONLY).toBeLessThanOrEqual(BYTES_FOR_THE_REST);
});

test('a handler that uses a header carries nothing of what it does not use', () => {
  const { files } = bundle(ARTICLE);

  expect(files).toContain('lambda-runtime/src/transports/header-transport.ts');
  expect(files.filter((file) => /cookie|json-file|memory-store|conversation|dynamodb-collections|users|user-moves|lifecycle\/(update|destroy)|@aws-sdk/.test(file))).toEqual([]);
});

test.each([
  ['cookies', 'runtime.session(async () => null, { transport: runtime.cookieTransport() })', /transports\/cookie-transport\.ts$/],
  ['updates', 'runtime.session(() => runtime.currentSession().update(Number), { update: true })', /lifecycle\/update\.ts$/],
])('a handler that uses %s carries them, and no AWS SDK client', (_, handler, file) => {
  const { files } = bundle(handler);

  expect(files.some((name) => file.test(name))).toBe(true);
  expect(files.filter((name) => name.includes('@aws-sdk/'))).toEqual([]);
});

test.each(['hono', 'middy', 'openai-agents', 'langchain'])('the adapter for %s is a module of its own: it imports nothing but the runtime, and is not in it', (adapter) => {
  const bundleOf = (entry: string) => buildSync({
    entryPoints: [`lambda-runtime/src/${entry}.ts`],
    absWorkingDir: REPOSITORY,
    bundle: true,
    platform: 'node',
    external: ['../index.js'],
    outdir: 'out',
    metafile: true,
    write: false,
  }).metafile;

  expect(Object.keys(bundleOf('index').inputs).filter((file) => file.includes('adapters/'))).toEqual([]);
  expect(Object.values(bundleOf(`adapters/${adapter}`).outputs)).toMatchObject([{ imports: [{ path: '../index.js', external: true }] }]);
});
