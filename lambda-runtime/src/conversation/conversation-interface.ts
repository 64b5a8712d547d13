import type { ConversationChange } from './change-once.js';

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
   * How long an entry is kept after it was appended, in whole seconds, also when the session has ended. 0: forever. Entries of
   * one append expire together; what replaces entries is kept as if it were appended then.
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
   * @throws SessionConflictError at that first append if another invocation destroyed the session
   */
  append(...entries: T[]): Promise<void>;

  /** Returns the newest entries, at most so many, in order of time. Sees every append that was done before. */
  recent(count: number): Promise<T[]>;

  /**
   * Returns entries page by page, from the newest back; those of a page are in order of time.
   *
   * @param options.before what the page after this one returned as its `before`; default: the newest page
   * @param options.limit how many entries at most, at least 1, by default 50
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
   * Applies a change once for each operation id, however often it is sent and by whom, in one atomic step, which can replace the
   * entries of up to 99 appends.
   *
   * @param operationId stays the same when the change is sent again; remembered for as long as entries are kept
   * @throws SessionConflictError if the operation id was used for another change, or the newest entries are not those to be
   *   replaced; nothing is changed then
   * @throws SessionError if it replaces entries of more appends; nothing is changed then either
   */
  applyOnce(operationId: string, change: ConversationChange<T>): Promise<void>;
}
