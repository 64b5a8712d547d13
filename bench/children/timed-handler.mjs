/** Lambda's handler before that of BENCH_BUNDLE: adds to its answer how long init took. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Meanwhile the thread starts that stands in for the native part of Lambda's client; it would compete for the processor.
const THREAD_START_MS = 250;

const bundle = process.env.BENCH_BUNDLE;
await new Promise((resolve) => setTimeout(resolve, THREAD_START_MS));
const start = performance.now();
const { handler: invoke } = bundle.endsWith('.cjs') ? createRequire(import.meta.url)(bundle) : await import(pathToFileURL(bundle));
await new Promise((resolve) => setImmediate(resolve));
const initMs = performance.now() - start;

export const handler = async (event, context) => ({ ...await invoke(event, context), initMs });
