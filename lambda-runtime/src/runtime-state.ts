import { AsyncLocalStorage } from 'node:async_hooks';
import type { SessionState } from './session-state.js';
import type { SessionStore } from './stores/store.js';

/** What one invocation of a handler has in hand. */
export interface Invocation {
  session: SessionState;
  /** Whether the handler has returned: what is set from then on would be lost. */
  hasEnded: boolean;
  /** Loads the session of an id that somebody else may use too. */
  load(id: string): Promise<SessionState>;
}

export interface RuntimeState {
  readonly invocations: AsyncLocalStorage<Invocation>;
  /** Set by `initSessionStore` or `useStore`. */
  configuredStore?: SessionStore;
}

const KEY = Symbol.for('cdk-session-table/runtime@1');

/** One for all copies of this module in the process: unbundled Node can load it both as ESM and as CommonJS. */
export const runtimeState: RuntimeState = ((globalThis as { [KEY]?: RuntimeState })[KEY] ??= { invocations: new AsyncLocalStorage() });

/** Runs a handler so that the session functions find this invocation, however many others run in between. */
export async function runIn<T>(invocation: Invocation, handler: () => T | Promise<T>): Promise<T> {
  try {
    return await runtimeState.invocations.run(invocation, handler);
  } finally {
    invocation.hasEnded = true;
  }
}
