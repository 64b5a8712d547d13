import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import { format, markdownTable, type SectionResult } from '../figures';
import { bundlePeer, PEERS, RUNTIME_ALIASES } from '../peers';

const REPOSITORY = join(__dirname, '..', '..');

interface Size {
  readonly bytes: number;
  readonly gzippedBytes: number;
}

const COUNT = `
  const count = (getSessionData() ?? 0) + 1;
  setSessionData(count);`;

const HANDLERS: Readonly<Record<string, string>> = {
  'ids in a header': `
import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';
export const handler = session(async () => {${COUNT}
  return { statusCode: 200, body: \`\${count}\` };
}, { update: true, ttl: 900 });`,

  'ids in a cookie': `
import { cookieTransport, getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';
export const handler = session(async () => {${COUNT}
  return { statusCode: 200, body: \`\${count}\` };
}, { update: true, ttl: 900, transport: cookieTransport() });`,

  'ids in a header, `update(fn)`': `
import { currentSession, session } from 'cdk-session-table/lambda-runtime';
export const handler = session(async () => {
  const count = await currentSession().update((n) => (n ?? 0) + 1);
  return { statusCode: 200, body: \`\${count}\` };
}, { update: true, ttl: 900 });`,
};

/** Each with sessions and without. */
const IN_FRAMEWORKS: Readonly<Record<string, readonly [string, string]>> = {
  Hono: [`
import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
import { sessions } from 'cdk-session-table/lambda-runtime/hono';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
const app = new Hono();
app.use(sessions({ update: true, ttl: 900 }));
app.get('/', (context) => {${COUNT}
  return context.text(\`\${count}\`);
});
export const handler = handle(app);`, `
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
const app = new Hono();
app.get('/', (context) => context.text('1'));
export const handler = handle(app);`],

  middy: [`
import middy from '@middy/core';
import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
import { middySession } from 'cdk-session-table/lambda-runtime/middy';
export const handler = middySession(middy(async () => {${COUNT}
  return { statusCode: 200, body: \`\${count}\` };
}), { update: true, ttl: 900 });`, `
import middy from '@middy/core';
export const handler = middy(async () => ({ statusCode: 200, body: '1' }));`],
};

/** How large a minified handler is, dependencies included. */
export async function bundleSize(): Promise<SectionResult> {
  const { own, added } = ownSizes();
  const others = Object.fromEntries(PEERS.filter(({ id }) => id !== 'cdk-session-table').map((peer) => [peer.name, peerSize(peer)]));
  const smallest = Object.values(own)[0];

  const row = (name: string, { bytes, gzippedBytes }: Size) => [name, kilobytes(bytes), kilobytes(gzippedBytes), format(bytes / smallest.bytes)];
  return {
    markdown: markdownTable(['', 'minified, kB', 'gzipped, kB', '÷ first'], [
      ...Object.entries(own).map(([name, size]) => row(`cdk-session-table, ${name}`, size)),
      ...Object.entries(added).map(([name, size]) => row(`cdk-session-table, added to a handler with ${name}`, size)),
      ...Object.entries(others).map(([name, size]) => row(name, size)),
    ]),
    figures: { own, added, others },
  };
}

/** How large handlers with this library are, and how much it adds to those of frameworks. */
export function ownSizes(): Readonly<Record<'own' | 'added', Readonly<Record<string, Size>>>> {
  return {
    own: Object.fromEntries(Object.entries(HANDLERS).map(([name, source]) => [name, handlerSize(source)])),
    added: Object.fromEntries(Object.entries(IN_FRAMEWORKS).map(([name, [source, without]]) =>
      [name, difference(handlerSize(source), handlerSize(without))])),
  };
}

/** Bundled as the peers are. */
function handlerSize(source: string): Size {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: REPOSITORY, loader: 'js' },
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: RUNTIME_ALIASES,
    logLevel: 'error',
  });
  return sizeOf(outputFiles[0].contents);
}

function peerSize(peer: typeof PEERS[number]): Size {
  const directory = join(temporaryDirectory(), peer.id);
  mkdirSync(directory);
  return sizeOf(readFileSync(bundlePeer(peer, directory).file));
}

function sizeOf(code: Uint8Array): Size {
  return { bytes: code.length, gzippedBytes: gzipSync(code, { level: 9 }).length };
}

function difference(a: Size, b: Size): Size {
  return { bytes: a.bytes - b.bytes, gzippedBytes: a.gzippedBytes - b.gzippedBytes };
}

function kilobytes(bytes: number): string {
  return format(bytes / 1000);
}
