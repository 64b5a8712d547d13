import type { StoreCallOptions } from './stores/store.js';

const LONGEST_CALL_MS = 10_000;

/** Kept back of the invocation's time, so that a failing store is reported before Lambda ends the invocation. */
const RESERVE_MS = 500;

/** How long a call may take that starts now. `context` is Lambda's, or nothing where a handler is called by hand. */
export function timeLimit(context: unknown): StoreCallOptions {
  const lambdaContext = context as { getRemainingTimeInMillis?: () => number } | undefined | null;
  if (typeof lambdaContext?.getRemainingTimeInMillis !== 'function') {
    return { timeLimitMs: LONGEST_CALL_MS };
  }
  return { timeLimitMs: Math.max(1, Math.min(LONGEST_CALL_MS, lambdaContext.getRemainingTimeInMillis() - RESERVE_MS)) };
}
