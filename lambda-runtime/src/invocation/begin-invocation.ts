import { Invocation } from './invocation.js';
import type { StoreAccess } from './invocation.js';
import { withUserIndex } from './user-index.js';
import { configuredStore, environmentStore, refuseUnusedClient } from '../configuration/configured-store.js';
import type { ResolvedOptions } from '../configuration/resolve-options.js';
import { warmUpOnce } from '../configuration/warm-up.js';
import type { Rehearsal } from '../configuration/warm-up.js';
import { warnOfEndlessRows } from '../configuration/warn-of-endless-rows.js';
import type { StoreCallOptions } from '../stores/call-options.js';
import type { SessionStore } from '../stores/store.js';
import { traced } from '../stores/traced-store.js';

/** Begins the invocations of a handler: with its store, the clock, and the time that Lambda leaves. */
export function invocationFactory(options: ResolvedOptions, rehearse: Rehearsal): (event: unknown, context: unknown) => Invocation {
  warnOfEndlessRows(options);
  const openStore = storeAccess(options, rehearse);
  return (event, context) => new Invocation(event, openStore(context));
}

/** What sessions are loaded and saved with, for each invocation or where there is none. `context` is Lambda's, if there is one. */
export function storeAccess(options: ResolvedOptions, rehearse: Rehearsal): (context?: unknown) => StoreAccess {
  const openStore = storeOf(options, rehearse);
  return (context) => ({
    store: withUserIndex(traced(openStore()), options),
    options,
    now: () => Date.now() / 1000,
    limits: () => timeLimit(context),
  });
}

/** The store by the options, else the one configured for the process, else the one of the environment, made once. */
function storeOf({ store, client }: ResolvedOptions, rehearse: Rehearsal): () => SessionStore {
  let ofEnvironment: SessionStore | undefined;
  refuseUnusedClient(client);
  if (store === undefined && client === undefined) {
    warmUpOnce(rehearse);
  }
  return () => {
    refuseUnusedClient(client);
    return store ?? configuredStore() ?? (ofEnvironment ??= environmentStore(client));
  };
}

const LONGEST_CALL_MS = 10_000;

/** Kept back from the invocation's time, so that a failing store is reported before Lambda ends the invocation; at most a quarter of it. */
const RESERVE_MS = 500;

/** How long a call may take that starts now. `context` is Lambda's, or nothing where a handler is called manually. */
function timeLimit(context: unknown): StoreCallOptions {
  const lambdaContext = context as { getRemainingTimeInMillis?: () => number } | undefined | null;
  if (typeof lambdaContext?.getRemainingTimeInMillis !== 'function') {
    return { timeLimitMs: LONGEST_CALL_MS };
  }
  const remainingMs = lambdaContext.getRemainingTimeInMillis();
  const reserveMs = Math.min(RESERVE_MS, remainingMs / 4);
  return { timeLimitMs: Math.max(1, Math.min(LONGEST_CALL_MS, remainingMs - reserveMs)) };
}
