/** @module openai-agents */

import { SessionError, conversation } from '../index.js';
import type { Conversation, ConversationOptions, SharedConversation } from '../index.js';

/**
 * A change of a history, as the Agents SDK describes it.
 *
 * @example
 * ```ts
 * import { agentSession } from 'cdk-session-table/lambda-runtime/openai-agents';
 * import type { AgentHistoryTransaction } from 'cdk-session-table/lambda-runtime/openai-agents';
 *
 * const correction: AgentHistoryTransaction<string> = { type: 'replace_suffix', expectedSuffix: ['helo'], replacement: ['hello'] };
 * await agentSession<string>().applyHistoryTransaction({ operationId: 'request-4711', transaction: correction });
 * ```
 */
export type AgentHistoryTransaction<TItem> =
  | { readonly type: 'append_items'; readonly items: TItem[] }
  | { readonly type: 'replace_suffix'; readonly expectedSuffix: TItem[]; readonly replacement: TItem[] };

/**
 * A `Session` of OpenAI's Agents SDK (`@openai/agents`), with the optional capability to apply history transactions. Fits the
 * SDK's interfaces as it is.
 *
 * @example
 * ```ts
 * import type { AgentSession } from 'cdk-session-table/lambda-runtime/openai-agents';
 *
 * async function lastItem(history: AgentSession<string>): Promise<string | undefined> {
 *   return (await history.getItems(1))[0];
 * }
 * ```
 */
export interface AgentSession<TItem = any> {
  /** Returns an identifier of the history. Not the session id, and leads to nothing from outside. */
  getSessionId(): Promise<string>;
  /** Returns the newest items, in order of time; all of them without a limit. */
  getItems(limit?: number): Promise<TItem[]>;
  /** Appends items: all of them or none, if they fit into 400 KB together, otherwise in several steps. */
  addItems(items: TItem[]): Promise<void>;
  /** Removes the newest item and returns it. */
  popItem(): Promise<TItem | undefined>;
  /** Removes all items, and forgets which transactions were applied. */
  clearSession(): Promise<void>;
  /**
   * Applies a transaction in one atomic step, once for each operation id.
   *
   * @throws SessionConflictError if the operation id was used for another transaction, or the newest items are not those to be
   *   replaced; nothing is changed then
   * @throws SessionDataError for an item that DynamoDB cannot hold
   */
  applyHistoryTransaction(args: { readonly operationId: string; readonly transaction: AgentHistoryTransaction<TItem> }): Promise<void>;
}

/**
 * The history of an agent, kept in a conversation: `run(agent, input, { session: agentSession() })`.
 *
 * @param name a conversation of the current session; default: `'messages'`
 *
 * @example
 * ```ts
 * import { Agent, run } from '@openai/agents-core';
 * import { agentSession } from 'cdk-session-table/lambda-runtime/openai-agents';
 * import { session } from 'cdk-session-table/lambda-runtime';
 *
 * const agent = new Agent({ name: 'Assistant', instructions: 'Be brief.' });
 * export const handler = session(async (event: { body: string }) => {
 *   const result = await run(agent, event.body, { session: agentSession() });
 *   return { statusCode: 200, body: result.finalOutput };
 * }, { update: true, ttl: 24 * 60 * 60 });
 * ```
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps
 * @throws SessionStoreNotSetError if there is no collections table
 */
export function agentSession<TItem = any>(name?: string, options?: ConversationOptions): AgentSession<TItem>;
/** The history of an agent, kept in a conversation that several sessions share. */
export function agentSession<TItem = any>(shared: SharedConversation): AgentSession<TItem>;
export function agentSession<TItem>(which?: string | SharedConversation, options?: ConversationOptions): AgentSession<TItem> {
  return new ConversationSession<TItem>(typeof which === 'object' ? conversation(which) : conversation(which, options));
}

class ConversationSession<TItem> implements AgentSession<TItem> {
  constructor(private readonly history: Conversation<TItem>) {}

  getSessionId(): Promise<string> {
    return this.history.id();
  }

  async getItems(limit?: number): Promise<TItem[]> {
    if (limit !== undefined) {
      return this.history.recent(Math.max(0, Math.floor(limit)));
    }
    const items: TItem[] = [];
    for await (const item of this.history) {
      items.push(item);
    }
    return items;
  }

  async addItems(items: TItem[]): Promise<void> {
    try {
      await this.history.append(...items);
    } catch (error) {
      if ((error as Error).name !== 'SessionDataTooLargeError' || items.length < 2) {
        throw error;
      }
      const half = Math.floor(items.length / 2);
      await this.addItems(items.slice(0, half));
      await this.addItems(items.slice(half));
    }
  }

  popItem(): Promise<TItem | undefined> {
    return this.history.removeLast();
  }

  clearSession(): Promise<void> {
    return this.history.clear();
  }

  async applyHistoryTransaction(args: { readonly operationId: string; readonly transaction: AgentHistoryTransaction<TItem> }): Promise<void> {
    const { operationId, transaction } = args;
    if (transaction?.type === 'append_items' && Array.isArray(transaction.items)) {
      return this.history.applyOnce(operationId, { append: transaction.items });
    }
    if (transaction?.type === 'replace_suffix' && Array.isArray(transaction.expectedSuffix) && Array.isArray(transaction.replacement)) {
      return this.history.applyOnce(operationId, { replace: transaction.expectedSuffix, by: transaction.replacement });
    }
    throw new SessionError('a history transaction must be of type append_items with items, or replace_suffix with expectedSuffix and replacement');
  }
}
