import type { Invocation } from './invocation.js';
import { AsyncLocalStorage } from './node-modules.js';
import type { SessionStore } from './stores/store.js';

/** Where the session functions look for the invocation that they are called in. */
export interface InvocationSlot {
  invocation?: Invocation;
}

export interface RuntimeState {
  readonly invocations: InstanceType<typeof AsyncLocalStorage<InvocationSlot>>;
  /** Set by `initSessionStore` or `useStore`. */
  configuredStore?: SessionStore;
}

const KEY = Symbol.for('cdk-session-table/runtime@1');

/** One for all copies of this module in the process: unbundled Node can load it both as ESM and as CommonJS. */
export const runtimeState: RuntimeState = ((globalThis as { [KEY]?: RuntimeState })[KEY] ??= { invocations: new AsyncLocalStorage() });
