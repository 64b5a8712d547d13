/**
 * Runs a handler for many sessions: node --expose-gc growth.cjs BUNDLE EVENT, forked. Is sent how many invocations, how many of
 * them in flight, among how many sessions they go round and which of them come without a session (every tenth, say), it
 * answers with what one of them took and with the memory that it holds then.
 */
const { pathToFileURL } = require('node:url');

const [bundle, event] = process.argv.slice(2);
const template = JSON.parse(event);
const context = { functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
/** Goes round among all sessions, but not from neighbour to neighbour: a prime. */
const STRIDE = 7919;

let handler;
let invoked = 0;

process.on('message', async ({ count, inFlight, sessions, newVisitorEvery }) => {
  handler ??= (bundle.endsWith('.cjs') ? require(bundle) : await import(pathToFileURL(bundle))).handler;
  const before = { cpu: process.cpuUsage(), time: performance.now() };
  const end = invoked + count;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (invoked < end) await invoke(invoked++, sessions, newVisitorEvery);
  }));
  const wallMs = performance.now() - before.time;
  const { user, system } = process.cpuUsage(before.cpu);
  process.send({ cpuUs: (user + system) / count, wallUs: wallMs * 1000 / count, ...memory() });
});

async function invoke(number, sessions, newVisitorEvery) {
  const isNew = newVisitorEvery !== undefined && number % newVisitorEvery === 0;
  const headers = isNew ? template.headers : { ...template.headers, 'session-id': `session-${number * STRIDE % sessions}` };
  const { statusCode } = await handler({ ...template, headers }, context);
  if (statusCode !== 200) throw new Error(`answered with status ${statusCode}`);
}

function memory() {
  // Once more for what the first collection let go.
  global.gc();
  global.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, residentBytes: rss };
}
