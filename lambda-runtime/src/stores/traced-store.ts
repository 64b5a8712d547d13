import type { SessionStore, WriteResult } from './store.js';
import { correlationHash } from '../ids/session-id.js';
import { channel, tracingChannel } from '../platform/node-modules.js';

/**
 * What the calls to the store tell on `node:diagnostics_channel`. Whoever wants to know subscribes to
 *
 * - `tracingChannel('cdk-session-table.load')`: a row is read, be it a session's or the link of a WebSocket
 * - `tracingChannel('cdk-session-table.save')`: a row is created or changed, or gets another key by `regenerate()`
 * - `tracingChannel('cdk-session-table.touch')`: nothing but the expiry is renewed
 * - `tracingChannel('cdk-session-table.destroy')`: a row is deleted
 * - `channel('cdk-session-table.conflict')`: a write met what another invocation had written, and was not applied
 *
 * The first four have the events of Node's `TracingChannel` (start, end, asyncStart, asyncEnd, error) with a `SessionTrace`,
 * the last one a `SessionConflict`. A subscriber is heard from the next invocation on.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#class-tracingchannel
 */

/** What subscribers of the tracing channels are told of a call to the store. Neither the session id nor data. */
export interface SessionTrace {
  /** A short hash of the session's key; the same for all calls of one session, and the one that `util.inspect(session)` shows. */
  readonly session: string;
  /** What came of it; there from `asyncStart` on, unless it failed or was a `destroy`. */
  readonly result?: {
    /** Of a load: whether there is such a row, expired or not. */
    readonly found?: boolean;
    /** Of a save or touch: whether its condition held, so that it was applied. */
    readonly written?: boolean;
  };
  /** Why it failed; there from `error` on. */
  readonly error?: unknown;
}

/** What subscribers of `cdk-session-table.conflict` are told. */
export interface SessionConflict {
  /** As in `SessionTrace`. */
  readonly session: string;
  /** What was not applied. Conflicts that do not concern the data are resolved and do not fail the invocation. */
  readonly operation: 'save' | 'touch';
}

const tracings = {
  load: tracingChannel<unknown, SessionTrace>('cdk-session-table.load'),
  save: tracingChannel<unknown, SessionTrace>('cdk-session-table.save'),
  touch: tracingChannel<unknown, SessionTrace>('cdk-session-table.touch'),
  destroy: tracingChannel<unknown, SessionTrace>('cdk-session-table.destroy'),
};
const conflict = channel('cdk-session-table.conflict');

/** Not the `hasSubscribers` of a tracing channel, which Node has from 20.13 and 22 on. */
const channels = [
  conflict,
  ...Object.values(tracings).flatMap(({ start, end, asyncStart, asyncEnd, error }) => [start, end, asyncStart, asyncEnd, error]),
];

/** The store with every call told to the diagnostics channels, if somebody listens to them; else the store itself. */
export function traced(store: SessionStore): SessionStore {
  const isListenedTo = channels.some(({ hasSubscribers }) => hasSubscribers);
  if (!isListenedTo) {
    return store;
  }
  return {
    collections: store.collections,
    get: (key, options) => trace('load', key, () => store.get(key, options), (row) => ({ found: row !== undefined })),
    create: (creation, options) => traceWrite('save', creation.row.key.S!, () => store.create(creation, options)),
    save: (change, options) => traceWrite('save', change.from.key.S!, () => store.save(change, options)),
    touch: (renewal, options) => traceWrite('touch', renewal.from.key.S!, () => store.touch(renewal, options)),
    regenerate: (regeneration, options) => traceWrite('save', regeneration.from.key.S!, () => store.regenerate(regeneration, options)),
    destroy: (key, options) => trace('destroy', key, () => store.destroy(key, options), () => undefined),
  };
}

async function traceWrite(operation: 'save' | 'touch', key: string, call: () => Promise<WriteResult>): Promise<WriteResult> {
  const result = await trace(operation, key, call, ({ written }) => ({ written }));
  if (!result.written) {
    conflict.publish({ session: correlationHash(key), operation } satisfies SessionConflict);
  }
  return result;
}

/** `tracePromise` shows subscribers what its promise resolves to: not the row, in which the session id is. */
async function trace<T>(
  operation: keyof typeof tracings,
  key: string,
  call: () => Promise<T>,
  outcomeOf: (result: T) => SessionTrace['result'],
): Promise<T> {
  let result!: T;
  await tracings[operation].tracePromise(async () => {
    result = await call();
    return outcomeOf(result);
  }, { session: correlationHash(key) });
  return result;
}
