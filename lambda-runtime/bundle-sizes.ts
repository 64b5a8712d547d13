/**
 * Compares what handlers weigh with `bundle-sizes.json` beside this file, or with the figures of another file: more than 2 % over
 * a figure fails. With `--update` it writes today's figures.
 *
 * Bundled as a deployment does it: a minified ES module for Node, without what the handler does not use.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { ENTRIES } from './entries';

const options = process.argv.slice(2);
const FIGURES_FILE = options.find((option) => !option.startsWith('--')) ?? join(__dirname, 'bundle-sizes.json');
const ALLOWED_GROWTH = 1.02;
const RUNTIME = 'cdk-session-table/lambda-runtime';

const handlers: Readonly<Record<string, string>> = {
  'a handler with a header': `
    import { getSessionData, session, setSessionData } from '${RUNTIME}';
    export const handler = session(async () => {
      setSessionData((getSessionData() ?? 0) + 1);
      return { statusCode: 200, body: String(getSessionData()) };
    }, { update: true, ttl: 900 });`,
  'a handler with a cookie': `
    import { cookieTransport, currentSession, session } from '${RUNTIME}';
    export const handler = session(async () => {
      currentSession().set({ user: 'Ada' });
      return { statusCode: 200 };
    }, { update: true, ttl: 900, transport: cookieTransport() });`,
};

/** Everything that an entry exports, and nothing of the main entry, which it imports. */
const entries = Object.fromEntries(Object.entries(ENTRIES).map(([entry, file]) => [
  `the entry ${entry}`, `export * from './lambda-runtime/lib/esm/${file}.js';`,
]));

const sizes = Object.fromEntries(Object.entries({ ...handlers, ...entries }).map(([name, source]) => [name, bundledBytes(source)]));

if (options.includes('--update')) {
  writeFileSync(FIGURES_FILE, `${JSON.stringify(sizes, null, 2)}\n`);
} else {
  compare(JSON.parse(readFileSync(FIGURES_FILE, 'utf8')) as Record<string, number>);
}

function compare(figures: Readonly<Record<string, number>>): void {
  const complaints = Object.entries(sizes).flatMap(([name, bytes]) => complaint(name, bytes, figures[name]));
  if (complaints.length > 0) {
    console.error([...complaints, 'If this growth is needed: npx projen bundle-sizes --update, and say in the commit what it is for'].join('\n'));
    process.exitCode = 1;
  }
}

function complaint(name: string, bytes: number, figure: number | undefined): string[] {
  if (figure === undefined) {
    return [`${name} has no figure in bundle-sizes.json`];
  }
  return bytes <= figure * ALLOWED_GROWTH ? [] : [`${name} weighs ${bytes} bytes, over 2 % more than the ${figure} of bundle-sizes.json`];
}

function bundledBytes(contents: string): number {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: dirname(__dirname) },
    absWorkingDir: dirname(__dirname),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['./index.js', '../index.js'],
    write: false,
  });
  return outputFiles[0].contents.byteLength;
}
