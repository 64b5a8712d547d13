import { conversation } from './index.js';
import type { Conversation, ConversationOptions, SharedConversation } from './index.js';

/** A message as LangChain.js stores it: `message.toDict()`. */
export interface LangChainStoredMessage {
  readonly type: string;
  readonly data: any;
}

/** What is used of a LangChain.js message. */
export interface LangChainMessage {
  toDict(): LangChainStoredMessage;
}

/** What is used of LangChain.js: this package does not import it. */
export interface LangChain<TMessage extends LangChainMessage, THistory extends object> {
  /** From `@langchain/core/chat_history`. */
  readonly BaseListChatMessageHistory: abstract new () => THistory;
  /** From `@langchain/core/messages`. */
  readonly mapStoredMessagesToChatMessages: (messages: any[]) => TMessage[];
}

/** What a chat history offers beyond its base class. */
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

/** Opens the chat history of a conversation; for its parameters see `conversation()`. */
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
