import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { behindFaultProxy } from './behind-fault-proxy.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

const run = behindFaultProxy(createLightweightClient);

let directory: string;
beforeAll(() => { directory = mkdtempSync(join(tmpdir(), 'lightweight-client-')); });
afterAll(() => rmSync(directory, { recursive: true }));

async function bundle(format: 'esm' | 'cjs', source: string): Promise<string> {
  const outfile = join(directory, `${randomUUID()}.${format === 'esm' ? 'mjs' : 'cjs'}`);
  const sourcefile = { contents: source, resolveDir: join(__dirname, '../../../../lambda-runtime/src/dynamodb/client'), loader: 'ts' as const };
  await build({ stdin: sourcefile, outfile, bundle: true, format, platform: 'node', mainFields: ['module', 'main'] });
  return outfile;
}

test.each(['esm', 'cjs'] as const)('ends by itself after a call although the connection is open, bundled as %s', async (format) => {
  const script = await bundle(format, `
    import { createLightweightClient } from './lightweight-client.js';
    void createLightweightClient().getItem({ TableName: process.argv[2], Key: { key: { S: 'nobody' } } }).then((output) => console.log(JSON.stringify(output)));
  `);
  const { stdout } = await promisify(execFile)(process.execPath, [script, run.tableName], { env: process.env });

  expect(JSON.parse(stdout)).toMatchObject({ $metadata: { attempts: 1 } });
  expect(run.proxy.seen).toHaveLength(1);
});

test('loads neither http nor https with the module, and https never for an http endpoint', async () => {
  const script = await bundle('esm', `
    import { createLightweightClient } from './lightweight-client.js';
    const loaded = () => process.moduleLoadList.filter((name) => /^NativeModule (http|https|tls)$/.test(name)).map((name) => name.slice(13));
    const client = createLightweightClient();
    const before = loaded();
    void client.getItem({ TableName: process.argv[2], Key: { key: { S: 'nobody' } } }).then(() => console.log(JSON.stringify([before, loaded()])));
  `);
  const { stdout } = await promisify(execFile)(process.execPath, [script, run.tableName], { env: process.env });

  expect(JSON.parse(stdout)).toEqual([[], ['http']]);
});
