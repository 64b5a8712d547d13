import { environmentStore } from './configured-store.js';
import { Invocation } from './invocation.js';
import type { ResolvedOptions } from './options.js';
import { runtimeState } from './runtime-state.js';
import type { SessionStore } from './stores/store.js';
import { timeLimit } from './time-limit.js';
import { traced } from './tracing.js';

/** Begins the invocations of a handler: with its store, the clock, and the time that Lambda leaves. */
export function invocationFactory(options: ResolvedOptions): (event: unknown, context: unknown) => Invocation {
  const openStore = storeOf(options);
  return (event, context) => new Invocation(event, {
    store: traced(openStore()),
    options,
    now: () => Date.now() / 1000,
    limits: () => timeLimit(context),
  });
}

/** The store by the options, else the one configured for the process, else the one of the environment, made once. */
function storeOf(options: ResolvedOptions): () => SessionStore {
  let ofEnvironment: SessionStore | undefined;
  return () => options.store ?? runtimeState.configuredStore ?? (ofEnvironment ??= environmentStore(options.client));
}
