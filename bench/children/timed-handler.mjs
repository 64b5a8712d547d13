/** Lambda's handler before that of BENCH_BUNDLE: adds to its answer when it was loaded, and how long loading and answering took. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Meanwhile the thread starts that stands in for the native part of Lambda's client; it would compete for the processor.
const THREAD_START_MS = 250;

const bundle = process.env.BENCH_BUNDLE;
const reached = performance.now();
await new Promise((resolve) => setTimeout(resolve, THREAD_START_MS));
const beforeImport = performance.now();
const { handler: invoke } = bundle.endsWith('.cjs') ? createRequire(import.meta.url)(bundle) : await import(pathToFileURL(bundle));
const importMs = performance.now() - beforeImport;
const startMs = reached + importMs;

export const handler = async (event, context) => {
  const start = performance.now();
  const result = await invoke(event, context);
  const answerMs = performance.now() - start;
  return { ...result, times: { importMs, startMs, answerMs, totalMs: startMs + answerMs } };
};
