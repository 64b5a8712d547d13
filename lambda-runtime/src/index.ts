export { session } from './session.js';
export type { SessionHandler } from './configuration/handlers.js';
export type { SessionWrapper } from './configuration/session-wrapper.js';
export type { SessionOptions } from './configuration/session-options.js';
export { streamingSession } from './streaming/streaming-session.js';
export type { ResponseStream } from './streaming/response-stream.js';
export type { StreamingHandler } from './streaming/streaming-session.js';

export { conversation } from './conversation/conversation.js';
export type { Conversation, ConversationOptions, ConversationPage, SharedConversation } from './conversation/conversation-interface.js';
export { sessionsOf } from './users/sessions-of.js';
export type { SessionsOfOptions, UserSession, UserSessions } from './users/sessions-of.js';
export type { SignInOptions } from './in-handler/sign-in.js';

export { expiredSessions } from './expired/expired-sessions.js';
export type { ExpiredSession, SessionStreamEvent, SessionStreamRecord } from './expired/expired-sessions.js';
export type { ConversationChange } from './conversation/change-once.js';

export { currentSession } from './in-handler/current-session.js';
export type { Session } from './in-handler/current-session.js';
export type { SchemaResult, SessionDataOf, StandardSchema } from './session/schema.js';
export type { IgnoredChange } from './lifecycle/ignored-change.js';
export type { SessionConflict, SessionTrace } from './stores/traced-store.js';
export type { Update as SessionUpdate } from './lifecycle/update.js';
export { getSessionData, setSessionData } from './in-handler/session-data.js';
export { useSessionIdFromSeed } from './in-handler/use-session-id-from-seed.js';

export { cookieTransport } from './transports/cookie-transport.js';
export type { CookieTransportProps } from './transports/cookie-props.js';
export type { SecretSource as SessionSecretSource } from './ids/secrets.js';
export type { InvalidSignature as SessionInvalidSignature } from './transports/invalid-signature.js';
export { headerTransport } from './transports/header-transport.js';
export type { HeaderTransportProps } from './transports/header-transport.js';
export type { IdCandidate as SessionIdCandidate, SessionIdStatus, SessionTransport } from './transports/transport.js';
export type { RequestHead as SessionRequestHead, ResponseHead as SessionResponseHead } from './transports/http-head.js';

export { initSessionStore, useStore } from './configuration/configured-store.js';
export type { SessionStoreConfiguration } from './configuration/configured-store.js';
export { sessionStoreReady } from './configuration/warm-up.js';

export { DynamoDBStore } from './stores/dynamodb/dynamodb-store.js';
export type { DynamoDBStoreProps } from './stores/dynamodb/dynamodb-store.js';
export { JsonFileStore } from './stores/json-file-store.js';
export { MemoryStore } from './stores/memory-store.js';
export type { SessionRow } from './stores/session-row.js';
export type { SessionStore } from './stores/store.js';
export type { DynamoDBClient } from './dynamodb/client/dynamodb-client.js';

export {
  NoActiveSessionError, SessionConflictError, SessionDataError, SessionDataTooLargeError, SessionError, SessionOptionsError, SessionStoreError,
  SessionStoreNotSetError,
} from './errors.js';

export type { KeptSessionOptions as SessionKeepingOptions } from './frameworks/kept-sessions.js';
/** @internal for the entries beside this one */
export { adaptedOptions } from './configuration/adapted-options.js';
/** @internal for the entries beside this one */
export { checkHandler } from './configuration/handlers.js';
/** @internal for the entries beside this one */
export { checkOptionNames } from './platform/option-names.js';
/** @internal for the entries beside this one */
export { CACHE_CONTROLS } from './invocation/cache-control.js';
/** @internal for the entries beside this one */
export { keyedValues } from './frameworks/keyed-values.js';
/** @internal for the entries beside this one */
export { keptSessions } from './frameworks/kept-sessions.js';
/** @internal for the entries beside this one */
export type { KeptSession } from './frameworks/kept-session.js';
/** @internal for the entries beside this one */
export { nodeSessions } from './frameworks/node-sessions.js';
/** @internal for the entries beside this one */
export type { NodeMiddleware } from './frameworks/node-sessions.js';
