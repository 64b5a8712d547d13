/** @module langchain */

import { conversation } from '../index.js';
import type { Conversation, ConversationOptions, SharedConversation } from '../index.js';

/**
 * A message as LangChain.js stores it: `message.toDict()`.
 *
 * @example
 * ```ts
 * import type { LangChainStoredMessage } from 'cdk-session-table/lambda-runtime/langchain';
 *
 * const stored: LangChainStoredMessage = { type: 'human', data: { content: 'hello' } };
 * ```
 */
export interface LangChainStoredMessage {
  readonly type: string;
  readonly data: any;
}

/**
 * What is used of a LangChain.js message.
 *
 * @example
 * ```ts
 * import type { LangChainMessage } from 'cdk-session-table/lambda-runtime/langchain';
 *
 * const type = (message: LangChainMessage): string => message.toDict().type;
 * ```
 */
export interface LangChainMessage {
  toDict(): LangChainStoredMessage;
}

/**
 * What is used of LangChain.js: this package does not import it.
 *
 * @example
 * ```ts
 * import { BaseListChatMessageHistory } from '@langchain/core/chat_history';
 * import { type BaseMessage, mapStoredMessagesToChatMessages } from '@langchain/core/messages';
 * import { chatHistories } from 'cdk-session-table/lambda-runtime/langchain';
 * import type { LangChain } from 'cdk-session-table/lambda-runtime/langchain';
 *
 * const langchain: LangChain<BaseMessage, BaseListChatMessageHistory> = { BaseListChatMessageHistory, mapStoredMessagesToChatMessages };
 * const chatHistory = chatHistories(langchain);
 * ```
 */
export interface LangChain<TMessage extends LangChainMessage, THistory extends object> {
  /** From `@langchain/core/chat_history`. */
  readonly BaseListChatMessageHistory: abstract new () => THistory;
  /** From `@langchain/core/messages`. */
  readonly mapStoredMessagesToChatMessages: (messages: any[]) => TMessage[];
}

/**
 * What a chat history offers beyond its base class.
 *
 * @example
 * ```ts
 * import type { ConversationChatHistory } from 'cdk-session-table/lambda-runtime/langchain';
 *
 * async function lastMessage<TMessage>(history: ConversationChatHistory<TMessage>): Promise<TMessage | undefined> {
 *   return (await history.getMessages(1))[0];
 * }
 * ```
 */
export interface ConversationChatHistory<TMessage> {
  /** Returns the newest messages, in order of time; all of them without a count. */
  getMessages(count?: number): Promise<TMessage[]>;
  /** Appends one message. */
  addMessage(message: TMessage): Promise<void>;
  /** Appends messages, all of them or none. */
  addMessages(messages: TMessage[]): Promise<void>;
  /** Deletes all messages. */
  clear(): Promise<void>;
}

/**
 * Opens the chat history of a conversation; for its parameters see `conversation()`.
 *
 * @example
 * ```ts
 * import type { BaseListChatMessageHistory } from '@langchain/core/chat_history';
 * import type { BaseMessage } from '@langchain/core/messages';
 * import type { OpenChatHistory } from 'cdk-session-table/lambda-runtime/langchain';
 *
 * declare const chatHistory: OpenChatHistory<BaseMessage, BaseListChatMessageHistory>;
 * await chatHistory('support').clear();
 * const shared = chatHistory({ id: 'room-5' });
 * ```
 */
export interface OpenChatHistory<TMessage, THistory> {
  (name?: string, options?: ConversationOptions): THistory & ConversationChatHistory<TMessage>;
  (shared: SharedConversation): THistory & ConversationChatHistory<TMessage>;
}

/**
 * Chat histories for LangChain.js, kept in conversations: real `BaseListChatMessageHistory`s, which keep messages whole, with
 * their tool calls, content parts and ids.
 *
 *     const chatHistory = chatHistories({ BaseListChatMessageHistory, mapStoredMessagesToChatMessages });
 *     // in a handler:
 *     await chatHistory().getMessages();
 *
 * @param langchain the class and the function of LangChain.js with these names
 *
 * @example
 * ```ts
 * import { BaseListChatMessageHistory } from '@langchain/core/chat_history';
 * import { mapStoredMessagesToChatMessages } from '@langchain/core/messages';
 * import { chatHistories } from 'cdk-session-table/lambda-runtime/langchain';
 * import { session } from 'cdk-session-table/lambda-runtime';
 *
 * const chatHistory = chatHistories({ BaseListChatMessageHistory, mapStoredMessagesToChatMessages });
 * export const handler = session(async (event: { body: string }) => {
 *   await chatHistory().addUserMessage(event.body);
 *   return { statusCode: 204 };
 * }, { update: true, ttl: 24 * 60 * 60 });
 * ```
 */
export function chatHistories<TMessage extends LangChainMessage, THistory extends object>(
  langchain: LangChain<TMessage, THistory>,
): OpenChatHistory<TMessage, THistory> {
  const { mapStoredMessagesToChatMessages: revive } = langchain;
  // TypeScript allows a mixin's base class no constructor but one of any arguments.
  const Base = langchain.BaseListChatMessageHistory as abstract new (...args: any[]) => object;

  class ChatHistory extends Base implements ConversationChatHistory<TMessage> {
    readonly lc_namespace = ['cdk-session-table', 'lambda-runtime', 'langchain'];
    readonly #stored: Conversation<LangChainStoredMessage>;

    constructor(stored: Conversation<LangChainStoredMessage>) {
      super();
      this.#stored = stored;
    }

    async getMessages(count?: number): Promise<TMessage[]> {
      if (count !== undefined) {
        return revive(await this.#stored.recent(count));
      }
      const messages: LangChainStoredMessage[] = [];
      for await (const message of this.#stored) {
        messages.push(message);
      }
      return revive(messages);
    }

    addMessage(message: TMessage): Promise<void> {
      return this.addMessages([message]);
    }

    addMessages(messages: TMessage[]): Promise<void> {
      return this.#stored.append(...messages.map((message) => message.toDict()));
    }

    clear(): Promise<void> {
      return this.#stored.clear();
    }
  }

  return (which?: string | SharedConversation, options?: ConversationOptions) =>
    new ChatHistory(typeof which === 'object' ? conversation(which) : conversation(which, options)) as unknown as
      THistory & ConversationChatHistory<TMessage>;
}
