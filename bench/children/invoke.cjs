/** Runs a handler for every event that it is sent, one at a time, and answers with the result: node invoke.cjs BUNDLE, forked. */
const { pathToFileURL } = require('node:url');

const [bundle] = process.argv.slice(2);
const context = { functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
let handler;

process.on('message', async (event) => {
  handler ??= (bundle.endsWith('.cjs') ? require(bundle) : await import(pathToFileURL(bundle))).handler;
  process.send(await handler(event, context));
});
