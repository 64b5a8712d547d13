import type { Item } from '../values/attribute-value.js';

export interface ResponseMetadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  /** How long the service asks to wait before a retry. */
  readonly retryAfterMs?: number;
}

export interface CallMetadata extends ResponseMetadata {
  /** How often the request was sent. */
  attempts: number;
  /** Whether the clock was far off when the request was signed; it has been corrected since. */
  clockSkewCorrected?: boolean;
}

/** The base of all errors of the built-in lightweight client. They have the fields of the SDK's errors, so that callers treat both alike. */
export abstract class DynamoDBClientError extends Error {
  readonly $metadata: CallMetadata = { attempts: 0 };
}

/** The environment does not say with which credentials, in which region or at which endpoint to call. */
export class DynamoDBConfigurationError extends DynamoDBClientError {
  override readonly name = 'DynamoDBConfigurationError';
}

/** The endpoint that the container has for credentials did not give any; the cause says why. */
export class DynamoDBCredentialsError extends DynamoDBClientError {
  override readonly name = 'DynamoDBCredentialsError';

  constructor(cause: unknown) {
    super(`could not fetch credentials from the container's endpoint: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export interface ServiceErrorDetails {
  /** The item in the way of a failed condition, if it was asked for. */
  readonly Item?: Item;
  /** Why a transaction was cancelled, for each of its items in turn. */
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string; readonly Message?: string; readonly Item?: Item }>;
}

/** DynamoDB answered with an error; `name` is DynamoDB's own name for it. */
export class DynamoDBServiceError extends DynamoDBClientError implements ServiceErrorDetails {
  override readonly name: string;
  readonly Item?: Item;
  readonly CancellationReasons?: ServiceErrorDetails['CancellationReasons'];

  constructor(name: string, message: string, metadata: ResponseMetadata, { Item, CancellationReasons }: ServiceErrorDetails) {
    super(message);
    this.name = name;
    Object.assign(this.$metadata, metadata);
    this.Item = Item;
    this.CancellationReasons = CancellationReasons;
  }
}

/** The request was not answered, or not in full; it may have been applied. */
export class DynamoDBTransportError extends DynamoDBClientError {
  override readonly name = 'DynamoDBTransportError';

  constructor(
    message: string,
    /** What happened, as `ECONNRESET`; `EBADMSG` for an answer that was damaged on its way. */
    readonly code: string | undefined,
    /** Whether the request went out on a pooled connection that showed no sign of life since. */
    readonly onSilentPooledConnection: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The caller's `abortSignal` ended the call; name and message are those of its reason, which is the cause. The message also
 * reports what the last attempt met, if one had failed before.
 */
export class DynamoDBAbortError extends DynamoDBClientError {
  override readonly name: string;

  constructor(reason: unknown, failedAttempt?: unknown) {
    const { name = 'AbortError', message = String(reason) } = Object(reason) as Partial<Error>;
    super(failedAttempt instanceof Error ? `${message}; the last attempt met ${failedAttempt.name}: ${failedAttempt.message}` : message, { cause: reason });
    this.name = name;
  }
}
