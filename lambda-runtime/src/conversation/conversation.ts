import { changeOnce, encodeChange } from './change-once.js';
import type { ConversationChange } from './change-once.js';
import { formatCursor, parseCursor } from './cursor.js';
import { encodeEntries } from './entry-rows.js';
import { Log } from './log.js';
import { decode } from '../dynamodb/values/attribute-values.js';
import { SessionOptionsError } from '../errors.js';
import { refuseAfterEnd, writableSession } from '../in-handler/guards.js';
import type { Invocation } from '../invocation/invocation.js';
import { currentInvocation } from '../invocation/scope.js';
import { watchedWork } from '../invocation/watched-work.js';
import { knownLogId, openLog } from '../lifecycle/open-log.js';
import { keyOfLog, keyOfRoom } from '../stores/collections/collection-keys.js';
import { openCollections } from '../stores/dynamodb/open-collections.js';

const DEFAULT_PAGE = 50;
const THIRTY_DAYS = 30 * 24 * 3600;

/**
 * How a conversation keeps its entries.
 *
 * @example
 * ```ts
 * import { conversation } from 'cdk-session-table/lambda-runtime';
 * import type { ConversationOptions } from 'cdk-session-table/lambda-runtime';
 *
 * const options: ConversationOptions = { keepFor: 90 * 24 * 60 * 60 };
 * const messages = () => conversation('messages', options);
 * ```
 */
export interface ConversationOptions {
  /**
   * How long an entry is kept after it was appended, in whole seconds, also when the session has ended. 0: forever.
   *
   * @default 2592000, which is 30 days
   */
  readonly keepFor?: number;
}

/**
 * A conversation that several sessions share.
 *
 * @example
 * ```ts
 * import { conversation } from 'cdk-session-table/lambda-runtime';
 * import type { SharedConversation } from 'cdk-session-table/lambda-runtime';
 *
 * const room: SharedConversation = { id: 'room-5', keepFor: 7 * 24 * 60 * 60 };
 * await conversation<string>(room).append('hello, all of you');
 * ```
 */
export interface SharedConversation extends ConversationOptions {
  /** Which one; any text. Whoever may choose it can read the conversation: check in the handler that the user may. */
  readonly id: string;
}

/**
 * Some entries of a conversation, and where the older ones begin.
 *
 * @example
 * ```ts
 * import { conversation } from 'cdk-session-table/lambda-runtime';
 * import type { ConversationPage } from 'cdk-session-table/lambda-runtime';
 *
 * const older: ConversationPage<string> = await conversation<string>().page({ limit: 20 });
 * const evenOlder = older.before === undefined ? undefined : await conversation<string>().page({ before: older.before, limit: 20 });
 * ```
 */
export interface ConversationPage<T> {
  /** In order of time. */
  readonly entries: T[];
  /** Returns the entries before these when passed to `page`; absent: there are none. Safe to send to the client. */
  readonly before?: string;
}

/**
 * A history that only grows: appending to it and reading its newest entries cost the same however long it is. Its methods
 * reject with a `NoActiveSessionError` when the handler has returned, and with a `SessionStoreError` if the store fails.
 *
 * @example
 * ```ts
 * import type { Conversation } from 'cdk-session-table/lambda-runtime';
 *
 * async function transcript(messages: Conversation<{ text: string }>): Promise<string[]> {
 *   const lines: string[] = [];
 *   for await (const { text } of messages) {
 *     lines.push(text);
 *   }
 *   return lines;
 * }
 * ```
 */
export interface Conversation<T> extends AsyncIterable<T> {
  /**
   * Appends entries, all of them or none. Stored when the promise resolves, also if the handler throws later. Neither reads
   * nor conflicts with what others append.
   *
   * The first append of a session's life also writes the session's row, which it creates if there is none yet.
   *
   * @throws SessionDataError if DynamoDB cannot hold an entry, with the path of what it cannot hold
   * @throws SessionDataTooLargeError if the entries exceed 400 KB together; nothing is sent then
   * @throws SessionConflictError if another invocation destroyed the session
   */
  append(...entries: T[]): Promise<void>;

  /** Returns the newest entries, at most so many, in order of time. Sees every append that was done before. */
  recent(count: number): Promise<T[]>;

  /**
   * Returns entries page by page, from the newest back; those of a page are in order of time.
   *
   * @param options.before what the page after this one returned as its `before`; default: the newest page
   * @param options.limit how many entries at most, by default 50
   * @throws SessionError if `before` is not what a page has returned
   */
  page(options?: { readonly before?: string; readonly limit?: number }): Promise<ConversationPage<T>>;

  /** Removes the newest entry and returns it; `undefined` if there is none. Two concurrent calls remove two entries. */
  removeLast(): Promise<T | undefined>;

  /** Returns an identifier of the conversation: the id of a shared one, otherwise a random one, which is not the session id. */
  id(): Promise<string>;

  /** Deletes all entries that were appended before, one write for each append. */
  clear(): Promise<void>;

  /**
   * Applies a change once for each operation id, however often it is sent and by whom, in one atomic step.
   *
   * @param operationId stays the same when the change is sent again; remembered for as long as entries are kept
   * @throws SessionConflictError if the operation id was used for another change, or the newest entries are not those to be
   *   replaced; nothing is changed then
   */
  applyOnce(operationId: string, change: ConversationChange<T>): Promise<void>;
}

/**
 * A conversation of the current session. It moves with `regenerate()` and ends with the session.
 *
 * @param name one of the conversations that the session has; default: `'messages'`
 *
 * @example
 * ```ts
 * import { conversation, session } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async (event: { body: string }) => {
 *   const messages = conversation<{ text: string }>();
 *   await messages.append({ text: event.body });
 *   return { statusCode: 200, body: JSON.stringify(await messages.recent(20)) };
 * }, { update: true, ttl: 24 * 60 * 60 });
 * ```
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps
 * @throws SessionStoreNotSetError if there is no collections table
 * @throws SessionOptionsError for an option that cannot work
 */
export function conversation<T = unknown>(name?: string, options?: ConversationOptions): Conversation<T>;
/** A conversation that several sessions share. */
export function conversation<T = unknown>(shared: SharedConversation): Conversation<T>;
export function conversation<T>(which: string | SharedConversation = 'messages', options: ConversationOptions = {}): Conversation<T> {
  const invocation = currentInvocation('conversation');
  const { keepFor = THIRTY_DAYS } = typeof which === 'object' ? which : options;
  check(which, keepFor);
  const collections = openCollections(invocation.access.store, 'conversation');
  return new OpenConversation<T>(invocation, which, (collection) => new Log(collection, collections, invocation.access, keepFor));
}

class OpenConversation<T> implements Conversation<T> {
  constructor(
    private readonly invocation: Invocation,
    private readonly which: string | SharedConversation,
    private readonly logOf: (collection: string) => Log,
  ) {}

  async id(): Promise<string> {
    const { which } = this;
    return typeof which === 'object' ? which.id : this.write(async ({ collection }) => collection.slice(collection.indexOf('#') + 1));
  }

  async append(...entries: T[]): Promise<void> {
    const encoded = encodeEntries(entries);
    if (encoded.length > 0) {
      await this.write((log) => log.put(log.rowFor(encoded)));
    }
  }

  async recent(count: number): Promise<T[]> {
    checkCount('count', count);
    const log = await this.readableLog();
    const rows = await log?.newest(count) ?? [];
    const entries = rows.reverse().flatMap((found) => found.entries);
    return entries.slice(Math.max(0, entries.length - count)).map(decode) as T[];
  }

  async page({ before, limit = DEFAULT_PAGE }: { readonly before?: string; readonly limit?: number } = {}): Promise<ConversationPage<T>> {
    checkCount('limit', limit);
    const cursor = before === undefined ? undefined : parseCursor(before);
    const log = await this.readableLog();
    const rows = await log?.newest(limit + 1, cursor) ?? []; // one more, to know whether there are more
    const entries = rows.reverse().flatMap(({ row, entries: ofRow }) => ofRow.map((entry, index) => ({ entry, position: row.item.S!, index })));
    const page = entries.slice(Math.max(0, entries.length - limit));
    return {
      entries: page.map(({ entry }) => decode(entry) as T),
      ...(page.length > 0 && page.length < entries.length && { before: formatCursor(page[0]) }),
    };
  }

  async* [Symbol.asyncIterator](): AsyncIterator<T> {
    const log = await this.readableLog();
    if (log === undefined) {
      return;
    }
    for await (const { entries } of log.all()) {
      for (const entry of entries) {
        refuseAfterEnd(this.invocation);
        yield decode(entry) as T;
      }
    }
  }

  async removeLast(): Promise<T | undefined> {
    const removed = await this.write((log) => log.removeNewest());
    return removed === undefined ? undefined : decode(removed) as T;
  }

  async clear(): Promise<void> {
    await this.write((log) => log.clear());
  }

  async applyOnce(operationId: string, change: ConversationChange<T>): Promise<void> {
    const encoded = encodeChange(operationId, change);
    await this.write((log) => changeOnce(log, operationId, encoded));
  }

  /** The log to read, if there is one. */
  private async readableLog(): Promise<Log | undefined> {
    refuseAfterEnd(this.invocation);
    const { which, invocation: { session } } = this;
    if (typeof which === 'object') {
      return this.logOf(keyOfRoom(which.id));
    }
    const logId = session.isDestroyed ? undefined : await knownLogId(session);
    return logId === undefined ? undefined : this.logOf(keyOfLog(logId, which));
  }

  /** The end of the invocation waits for what is written, as for everything that is written immediately. */
  private write<R>(write: (log: Log) => Promise<R>): Promise<R> {
    const { which, invocation } = this;
    const session = writableSession(invocation);
    const work = async () => {
      const collection = typeof which === 'object' ? keyOfRoom(which.id) : keyOfLog(await openLog(session, invocation.access), which);
      return write(this.logOf(collection));
    };
    return watchedWork(invocation, () => session.updates.alongside(work()));
  }
}

function check(which: string | SharedConversation, keepFor: number): void {
  const text: unknown = typeof which === 'object' ? which.id : which;
  if (typeof text !== 'string' || text === '' || !(text as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new SessionOptionsError(`the ${typeof which === 'object' ? 'id' : 'name'} of a conversation must be a text that is not empty and has no unpaired surrogates`);
  }
  if (!Number.isSafeInteger(keepFor) || keepFor < 0) {
    throw new SessionOptionsError(`keepFor must be a whole number of seconds, got ${String(keepFor)}`);
  }
}

function checkCount(name: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new SessionOptionsError(`${name} must be a whole number of entries, got ${String(count)}`);
  }
}
