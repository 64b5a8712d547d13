/**
 * Runs a handler as often as requested: node warm.cjs BUNDLE EVENT, forked. Is sent how many invocations, and how many of them
 * in flight, it answers with what one of them took.
 */
const { pathToFileURL } = require('node:url');

const [bundle, event] = process.argv.slice(2);
const context = { functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
let handler;

process.on('message', async ({ count, inFlight }) => {
  handler ??= (bundle.endsWith('.cjs') ? require(bundle) : await import(pathToFileURL(bundle))).handler;
  // An event each, made before: some frameworks write into it.
  const events = Array.from({ length: count }, () => JSON.parse(event));
  global.gc?.();
  const before = { allocated: allocatedBytes(), cpu: process.cpuUsage(), time: performance.now() };
  await invokeAll(events, inFlight);
  const wallMs = performance.now() - before.time;
  const { user, system } = process.cpuUsage(before.cpu);
  const bytes = allocatedBytes() - before.allocated;
  process.send({ cpuUs: (user + system) / count, wallUs: wallMs * 1000 / count, allocatedBytes: bytes / count });
});

// With the process that forked it.
process.on('disconnect', () => process.exit());

async function invokeAll(events, inFlight) {
  await Promise.all(Array.from({ length: inFlight }, async () => {
    for (let event = events.pop(); event !== undefined; event = events.pop()) {
      const { statusCode } = await handler(event, context);
      if (statusCode !== 200) throw new Error(`answered with status ${statusCode}`);
    }
  }));
}

/** Says what was allocated since the last garbage collection only: of use where the young generation holds it all. */
function allocatedBytes() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
