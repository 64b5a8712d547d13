import { channel, tracingChannel } from 'node:diagnostics_channel';
import { correlationHash } from './session-id.js';
import type { SessionStore, WriteResult } from './stores/store.js';

/** What subscribers of the tracing channels are told of a call to the store. */
export interface SessionTrace {
  /** A short hash of the session's key; the same for all calls of one session. */
  readonly session: string;
}

/** What subscribers of `cdk-session-table.conflict` are told: a write met another invocation's. */
export interface SessionConflict extends SessionTrace {
  readonly operation: 'save' | 'touch';
}

const load = tracingChannel<unknown, SessionTrace>('cdk-session-table.load');
const save = tracingChannel<unknown, SessionTrace>('cdk-session-table.save');
const touch = tracingChannel<unknown, SessionTrace>('cdk-session-table.touch');
const destroy = tracingChannel<unknown, SessionTrace>('cdk-session-table.destroy');
const conflict = channel('cdk-session-table.conflict');

type TracingChannel = typeof load;

/** The store with every call told to the diagnostics channels, if somebody listens to them; else the store itself. */
export function traced(store: SessionStore): SessionStore {
  const isListenedTo = [load, save, touch, destroy, conflict].some(({ hasSubscribers }) => hasSubscribers);
  if (!isListenedTo) {
    return store;
  }
  return {
    get: (key, options) => trace(load, key, () => store.get(key, options)),
    create: (creation, options) => traceWrite('save', creation.row.key.S!, () => store.create(creation, options)),
    save: (change, options) => traceWrite('save', change.from.key.S!, () => store.save(change, options)),
    touch: (renewal, options) => traceWrite('touch', renewal.from.key.S!, () => store.touch(renewal, options)),
    regenerate: (regeneration, options) => traceWrite('save', regeneration.from.key.S!, () => store.regenerate(regeneration, options)),
    destroy: (key, options) => trace(destroy, key, () => store.destroy(key, options)),
  };
}

async function traceWrite(operation: 'save' | 'touch', key: string, call: () => Promise<WriteResult>): Promise<WriteResult> {
  const result = await trace(operation === 'save' ? save : touch, key, call);
  if (!result.written) {
    conflict.publish({ session: correlationHash(key), operation } satisfies SessionConflict);
  }
  return result;
}

function trace<T>(tracing: TracingChannel, key: string, call: () => Promise<T>): Promise<T> {
  return tracing.tracePromise(call, { session: correlationHash(key) });
}
