/**
 * Loads a bundle and runs its handler once: node cold-start.mjs BUNDLE EVENT. Writes what that took, and the result. An ES
 * module, as Lambda's own client is: so the loader of ES modules is there before a bundle needs it.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [bundle, event] = process.argv.slice(2);
const context = { functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const input = JSON.parse(event);
const cpuAtStart = cpuMs();
const start = performance.now();
const { handler } = bundle.endsWith('.cjs') ? createRequire(import.meta.url)(bundle) : await import(pathToFileURL(bundle));
const imported = performance.now();
const result = await handler(input, context);
const answered = performance.now();
const figures = {
  importMs: imported - start,
  firstAnswerMs: answered - start,
  cpuMs: cpuMs() - cpuAtStart,
  peakMemoryMB: process.resourceUsage().maxRSS / 1024,
  result,
};
process.stdout.write(JSON.stringify(figures), () => process.exit());
