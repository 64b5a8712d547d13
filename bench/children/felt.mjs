/**
 * Initialises a bundle as Lambda does, waits, and invokes its handler once: node felt.mjs BUNDLE EVENT GAP. Writes what init
 * and the invocation took, each apart. GAP: milliseconds between them, or `frozen`: the process stops itself, somebody
 * continues it, and by the clock ten minutes have passed.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [bundle, event, gap] = process.argv.slice(2);
const context = { functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
const usage = () => {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() };
};
const between = (from, to) => ({ cpuMs: to.cpuMs - from.cpuMs, wallMs: to.wallMs - from.wallMs });

// What Lambda's own client sets for handlers that stream.
const STREAMS = Symbol.for('aws.lambda.runtime.handler.streaming');
globalThis.awslambda = {
  streamifyResponse: (streaming) => Object.assign(streaming, { [STREAMS]: true }),
  HttpResponseStream: { from: (stream) => stream },
};

const input = JSON.parse(event);
usage(); // at its first call Node loads its clocks
const start = usage();
const { handler } = bundle.endsWith('.cjs') ? createRequire(import.meta.url)(bundle) : await import(pathToFileURL(bundle));
// As Lambda's own client does before it asks for the first event.
await new Promise((resolve) => setImmediate(resolve));
const initialised = usage();

if (gap === 'frozen') {
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.kill(process.pid, 'SIGSTOP');
  await new Promise((resolve) => setImmediate(resolve));
  const now = Date.now;
  Date.now = () => now() + 600_000;
} else if (gap !== '0') {
  await new Promise((resolve) => setTimeout(resolve, Number(gap)));
}

const before = usage();
const result = await answer(handler);
const after = usage();
process.stdout.write(JSON.stringify({ init: between(start, initialised), first: between(before, after), result }), () => process.exit());

/** Handlers that stream get a stream to write to. */
function answer(invoke) {
  if (!invoke[STREAMS]) return invoke(input, context);
  return new Promise((resolve, reject) => {
    const { PassThrough } = process.getBuiltinModule('node:stream');
    const stream = new PassThrough();
    stream.setContentType = () => undefined;
    let body = '';
    stream.setEncoding('utf8').on('data', (chunk) => { body += chunk; }).on('end', () => resolve({ statusCode: 200, body: body.slice(-1) })).on('error', reject);
    Promise.resolve(invoke(input, stream, context)).catch(reject);
  });
}
