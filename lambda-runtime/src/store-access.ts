import type { ResolvedOptions } from './options.js';
import type { SessionStore, StoreCallOptions } from './stores/store.js';

/** The store as one invocation reaches it: by its options, its clock, and the time that it has left. */
export interface StoreAccess {
  readonly store: SessionStore;
  readonly options: ResolvedOptions;
  /** Epoch seconds, milliseconds as fraction. */
  now(): number;
  /** What a call that starts now may take. */
  limits(): StoreCallOptions;
}

const LONGEST_CALL_MS = 10_000;

/** Kept back of the invocation's time, so that a failing store is reported before Lambda ends the invocation. */
const RESERVE_MS = 500;

/** How long a call may take that starts now. `context` is Lambda's, or nothing where a handler is called by hand. */
export function timeLimit(context: unknown): StoreCallOptions {
  const { getRemainingTimeInMillis } = (context ?? {}) as { getRemainingTimeInMillis?: () => number };
  if (typeof getRemainingTimeInMillis !== 'function') {
    return { timeLimitMs: LONGEST_CALL_MS };
  }
  return { timeLimitMs: Math.max(1, Math.min(LONGEST_CALL_MS, getRemainingTimeInMillis.call(context) - RESERVE_MS)) };
}
