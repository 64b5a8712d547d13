import { changeOnce, encodeChange } from './change-once.js';
import type { ConversationChange } from './change-once.js';
import type { Conversation, ConversationOptions, ConversationPage, SharedConversation } from './conversation-interface.js';
import { formatCursor, parseCursor } from './cursor.js';
import { encodeEntries } from './entry-rows.js';
import { findLogId } from './find-log.js';
import { Log } from './log.js';
import { decode } from '../dynamodb/values/attribute-values.js';
import { SessionOptionsError } from '../errors.js';
import { refuseAfterEnd, writableSession } from '../in-handler/guards.js';
import type { Invocation } from '../invocation/invocation.js';
import { currentInvocation } from '../invocation/scope.js';
import { watchedWork } from '../invocation/watched-work.js';
import { openLog } from '../lifecycle/open-log.js';
import { checkOptionNames } from '../platform/option-names.js';
import { checkText } from '../platform/text.js';
import type { SessionState } from '../session/session-state.js';
import { keyOfLog, keyOfRoom } from '../stores/collections/collection-keys.js';
import { openCollections } from '../stores/dynamodb/open-collections.js';

const DEFAULT_PAGE = 50;
const THIRTY_DAYS = 30 * 24 * 3600;

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
  const given: Partial<SharedConversation> = typeof which === 'object' ? which : options;
  checkOptionNames(given, typeof which === 'object' ? ['id', 'keepFor'] : ['keepFor'], 'conversation()');
  const { keepFor = THIRTY_DAYS } = given;
  check(which, keepFor);
  const collections = openCollections(invocation.access.store, 'conversation');
  return new OpenConversation<T>(invocation, which, (collection) => new Log(collection, collections, invocation.access, keepFor));
}

class OpenConversation<T> implements Conversation<T> {
  // Private also to whoever inspects it: the invocation knows the session id.
  readonly #invocation: Invocation;
  readonly #which: string | SharedConversation;
  readonly #logOf: (collection: string) => Log;

  constructor(invocation: Invocation, which: string | SharedConversation, logOf: (collection: string) => Log) {
    this.#invocation = invocation;
    this.#which = which;
    this.#logOf = logOf;
  }

  id(): Promise<string> {
    const which = this.#which;
    const { isReadOnly } = this.#invocation.access.options;
    return this.watched(async () => {
      if (typeof which === 'object') {
        return which.id;
      }
      const known = isReadOnly ? await this.readableLog() : undefined;
      const { collection } = known ?? await this.write(async (log) => log);
      return collection.slice(collection.indexOf('#') + 1);
    });
  }

  append(...entries: T[]): Promise<void> {
    return this.watched(async () => {
      const encoded = encodeEntries(entries);
      if (encoded.length > 0) {
        await this.write((log) => log.put(log.rowFor(encoded)));
      }
    });
  }

  recent(count: number): Promise<T[]> {
    return this.watched(async () => {
      checkCount('count', count);
      const log = await this.readableLog();
      const rows = await log?.newest(count) ?? [];
      const entries = rows.reverse().flatMap((found) => found.entries);
      return entries.slice(Math.max(0, entries.length - count)).map(decode) as T[];
    });
  }

  page(options: { readonly before?: string; readonly limit?: number } = {}): Promise<ConversationPage<T>> {
    return this.watched(async () => {
      checkOptionNames(options, ['before', 'limit'], 'page()');
      const { before, limit = DEFAULT_PAGE } = options;
      checkCount('limit', limit, 1);
      const cursor = before === undefined ? undefined : parseCursor(before);
      const log = await this.readableLog();
      const rows = await log?.newest(limit + 1, cursor) ?? []; // one more, to know whether there are more
      const entries = rows.reverse().flatMap(({ row, entries: ofRow }) => ofRow.map((entry, index) => ({ entry, position: row.item.S!, index })));
      const page = entries.slice(Math.max(0, entries.length - limit));
      return {
        entries: page.map(({ entry }) => decode(entry) as T),
        ...(page.length > 0 && page.length < entries.length && { before: formatCursor(page[0]) }),
      };
    });
  }

  async* [Symbol.asyncIterator](): AsyncIterator<T> {
    const log = await this.readableLog();
    if (log === undefined) {
      return;
    }
    for await (const { entries } of log.all()) {
      for (const entry of entries) {
        refuseAfterEnd(this.#invocation);
        yield decode(entry) as T;
      }
    }
  }

  removeLast(): Promise<T | undefined> {
    return this.watched(async () => {
      const removed = await this.remove((log) => log.removeNewest());
      return removed === undefined ? undefined : decode(removed) as T;
    });
  }

  clear(): Promise<void> {
    return this.watched(async () => this.remove((log) => log.clear()));
  }

  applyOnce(operationId: string, change: ConversationChange<T>): Promise<void> {
    return this.watched(async () => {
      const encoded = encodeChange(operationId, change);
      await this.write((log) => changeOnce(log, operationId, encoded));
    });
  }

  /** A failure that the handler does not look at fails its invocation. */
  private watched<R>(work: () => Promise<R>): Promise<R> {
    return watchedWork(this.#invocation, work);
  }

  /** The log to read, if there is one. */
  private async readableLog(): Promise<Log | undefined> {
    const invocation = this.#invocation;
    refuseAfterEnd(invocation);
    const which = this.#which;
    if (typeof which === 'object') {
      return this.#logOf(keyOfRoom(which.id));
    }
    const logId = await findLogId(invocation.session, invocation.access);
    return logId === undefined ? undefined : this.#logOf(keyOfLog(logId, which));
  }

  /** Writes to the log, which is made if there is none yet. */
  private write<R>(write: (log: Log) => Promise<R>): Promise<R> {
    const which = this.#which;
    const { access } = this.#invocation;
    return this.writing(async (session) =>
      write(this.#logOf(typeof which === 'object' ? keyOfRoom(which.id) : keyOfLog(await openLog(session, access), which))));
  }

  /** Removes from the log: where there is none, there is nothing to remove. */
  private remove<R>(remove: (log: Log) => Promise<R>): Promise<R | undefined> {
    return this.writing(async (session) => {
      if (typeof this.#which === 'string') {
        session.refuseIfDestroyed();
      }
      const log = await this.readableLog();
      return log === undefined ? undefined : remove(log);
    });
  }

  /** The end of the invocation waits for what is written, as for everything that is written immediately. */
  private writing<R>(work: (session: SessionState) => Promise<R>): Promise<R> {
    const session = writableSession(this.#invocation);
    return session.updates.alongside(work(session));
  }
}

function check(which: string | SharedConversation, keepFor: number): void {
  if (typeof which === 'object') {
    checkText('the id of a conversation', which.id);
  } else {
    checkText('the name of a conversation', which);
  }
  if (!Number.isSafeInteger(keepFor) || keepFor < 0) {
    throw new SessionOptionsError(`keepFor must be a whole number of seconds, got ${String(keepFor)}`);
  }
}

function checkCount(name: string, count: number, least = 0): void {
  if (!Number.isSafeInteger(count) || count < least) {
    throw new SessionOptionsError(`${name} must be a whole number of entries${least === 0 ? '' : ` from ${least}`}, got ${String(count)}`);
  }
}
