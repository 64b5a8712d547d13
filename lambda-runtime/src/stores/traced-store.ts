import type { SessionStore } from './store.js';
import type { WriteResult } from './writes.js';
import { correlationHash } from '../ids/session-id.js';
import { channel, tracingChannel } from '../platform/node-modules.js';

/**
 * What the runtime does to the store, on `node:diagnostics_channel`. Subscribe to
 *
 * - `tracingChannel('cdk-session-table.load')`: a row is read, a session's or the link of a WebSocket
 * - `tracingChannel('cdk-session-table.save')`: a row is created or changed, or gets another key by `regenerate()`
 * - `tracingChannel('cdk-session-table.touch')`: only the expiry is renewed
 * - `tracingChannel('cdk-session-table.destroy')`: a row is deleted
 * - `channel('cdk-session-table.conflict')`: a write collided with another invocation's, and was not applied
 *
 * The first four have the events of Node's `TracingChannel` (start, end, asyncStart, asyncEnd, error) with a `SessionTrace`,
 * the last one a `SessionConflict`. A subscriber receives events from the next invocation on. Signatures that are not valid
 * have a channel too: see `InvalidSignature`.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#class-tracingchannel
 */

/**
 * What subscribers of the tracing channels receive for a call to the store. Neither the session id nor data.
 *
 * @example
 * ```ts
 * import { tracingChannel } from 'node:diagnostics_channel';
 * import type { SessionTrace } from 'cdk-session-table/lambda-runtime';
 *
 * tracingChannel('cdk-session-table.save').error.subscribe((message) => {
 *   const { session, error } = message as SessionTrace;
 *   console.error('not saved', session, error);
 * });
 * ```
 */
export interface SessionTrace {
  /** A short hash of the session's key; the same for all calls of one session, and the one that `util.inspect(session)` shows. */
  readonly session: string;
  /** For a save: whether it creates a row, changes one, or gives one another key. From `start` on. */
  readonly kind?: 'create' | 'change' | 'regenerate';
  /** For a save of the kind `regenerate`: the hash that the session has from then on. From `start` on. */
  readonly successor?: string;
  /** The outcome, from `asyncStart` on. None if the call failed, and for a `destroy`. */
  readonly result?: {
    /** For a load: whether there is such a row, expired or not. */
    readonly found?: boolean;
    /** For a save or touch: whether its condition held, so that it was applied. */
    readonly written?: boolean;
  };
  /** Why it failed, from `error` on. */
  readonly error?: unknown;
}

/**
 * What subscribers of `cdk-session-table.conflict` receive.
 *
 * @example
 * ```ts
 * import { channel } from 'node:diagnostics_channel';
 * import type { SessionConflict } from 'cdk-session-table/lambda-runtime';
 *
 * channel('cdk-session-table.conflict').subscribe((message) => {
 *   const { session, operation } = message as SessionConflict;
 *   console.log('tried again', operation, session);
 * });
 * ```
 */
export interface SessionConflict {
  /** As in `SessionTrace`. */
  readonly session: string;
  /** What was not applied. Conflicts that do not concern the data are resolved and do not fail the invocation. */
  readonly operation: 'save' | 'touch';
  /** As in `SessionTrace`. */
  readonly kind?: SessionTrace['kind'];
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

/** The store with every call reported on the diagnostics channels if they have subscribers, else the store itself. */
export function traced(store: SessionStore): SessionStore {
  const isListenedTo = channels.some(({ hasSubscribers }) => hasSubscribers);
  if (!isListenedTo) {
    return store;
  }
  return {
    collections: store.collections,
    ...(store.writeBeside && { writeBeside: (write, options) => store.writeBeside!(write, options) }),
    get: (key, options) => trace('load', key, {}, () => store.get(key, options), (row) => ({ found: row !== undefined })),
    create: (creation, options) => traceWrite('save', creation.row.key.S!, { kind: 'create' }, () => store.create(creation, options)),
    save: (change, options) => traceWrite('save', change.from.key.S!, { kind: 'change' }, () => store.save(change, options)),
    touch: (renewal, options) => traceWrite('touch', renewal.from.key.S!, {}, () => store.touch(renewal, options)),
    regenerate: (regeneration, options) => {
      const details = { kind: 'regenerate', successor: correlationHash(regeneration.row.key.S!) } as const;
      return traceWrite('save', regeneration.from.key.S!, details, () => store.regenerate(regeneration, options));
    },
    destroy: (key, options) => trace('destroy', key, {}, () => store.destroy(key, options), () => undefined),
  };
}

type Details = Pick<SessionTrace, 'kind' | 'successor'>;

async function traceWrite(operation: 'save' | 'touch', key: string, details: Details, call: () => Promise<WriteResult>): Promise<WriteResult> {
  const result = await trace(operation, key, details, call, ({ written }) => ({ written }));
  if (!result.written) {
    const { kind } = details;
    conflict.publish({ session: correlationHash(key), operation, ...(kind !== undefined && { kind }) } satisfies SessionConflict);
  }
  return result;
}

/** `tracePromise` shows subscribers what its promise resolves to: not the row, which holds the session id. */
async function trace<T>(
  operation: keyof typeof tracings,
  key: string,
  details: Details,
  call: () => Promise<T>,
  outcomeOf: (result: T) => SessionTrace['result'],
): Promise<T> {
  let result!: T;
  await tracings[operation].tracePromise(async () => {
    result = await call();
    return outcomeOf(result);
  }, { session: correlationHash(key), ...details });
  return result;
}
