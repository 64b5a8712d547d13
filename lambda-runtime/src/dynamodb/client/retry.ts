import { DynamoDBAbortError, DynamoDBServiceError, DynamoDBTransportError } from './client-errors.js';
import { sleep } from '../../platform/node-modules.js';

/*
 * The standard retry mode of the AWS SDKs, with its figures for DynamoDB, without the token bucket: that one spares a
 * service the retries of many parallel calls, and a Lambda sandbox makes few.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const MAX_ATTEMPTS = 4;
const TRANSIENT_BACKOFF_MS = 25;
const THROTTLING_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 20_000;
const LONGEST_DELAY_ASKED_FOR_MS = 5000;

const THROTTLING_ERRORS: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const TRANSIENT_ERRORS: ReadonlySet<string> = new Set([
  'ReplicatedWriteConflictException',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
]);
const CLOCK_ERRORS: ReadonlySet<string> = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);
const TRANSIENT_STATUS_CODES: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const TRANSIENT_TRANSPORT_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EBADMSG',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * Runs the attempt until it succeeds, fails permanently or was retried often enough; the signal ends also the waiting between.
 *
 * @param attempt receives the number of earlier retries
 * @throws DynamoDBAbortError when the signal ended it
 */
export async function withRetries<T>(attempt: (retries: number) => Promise<T>, abortSignal: AbortSignal | undefined): Promise<T> {
  let failedAttempt: unknown;
  for (let retries = 0; ;) {
    try {
      abortSignal?.throwIfAborted();
      return await attempt(retries);
    } catch (error) {
      if (abortSignal?.aborted && !(error instanceof DynamoDBServiceError)) {
        throw new DynamoDBAbortError(abortSignal.reason, failedAttempt);
      }
      failedAttempt = error;
      // A thawed sandbox finds its pooled connections dead. That says nothing of DynamoDB, so it is not held against the call.
      if (!(error instanceof DynamoDBTransportError && error.onSilentPooledConnection)) {
        const backoffMs = backoffAfter(error);
        if (backoffMs === undefined || retries === MAX_ATTEMPTS - 1) {
          throw error;
        }
        await pause(waitBeforeRetry(Math.random() * Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** retries), error), abortSignal, failedAttempt);
        retries++;
      }
    }
  }
}

/** Whether the error may come from a clock that is off. */
export function isClockError({ name }: DynamoDBServiceError): boolean {
  return CLOCK_ERRORS.has(name);
}

/** As long as the service asks for, at least as long as the backoff, and at most 5 s longer. */
function waitBeforeRetry(backoffMs: number, error: unknown): number {
  const retryAfterMs = error instanceof DynamoDBServiceError ? error.$metadata.retryAfterMs ?? 0 : 0;
  return Math.max(backoffMs, Math.min(retryAfterMs, backoffMs + LONGEST_DELAY_ASKED_FOR_MS));
}

/** The longest wait before the first retry after this error, `undefined` if retrying would not help. */
function backoffAfter(error: unknown): number | undefined {
  if (error instanceof DynamoDBServiceError) {
    const { name, message, $metadata: { httpStatusCode, clockSkewCorrected } } = error;
    if (httpStatusCode === 429 || THROTTLING_ERRORS.has(name)) {
      return THROTTLING_BACKOFF_MS;
    }
    const clockWasWrong = clockSkewCorrected || (isClockError(error) && message.includes('Signature expired'));
    return clockWasWrong || TRANSIENT_ERRORS.has(name) || TRANSIENT_STATUS_CODES.has(httpStatusCode!) ? TRANSIENT_BACKOFF_MS : undefined;
  }
  const isTransient = error instanceof DynamoDBTransportError && error.code !== undefined && TRANSIENT_TRANSPORT_CODES.has(error.code);
  return isTransient ? TRANSIENT_BACKOFF_MS : undefined;
}

async function pause(ms: number, abortSignal: AbortSignal | undefined, failedAttempt: unknown): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: abortSignal });
  } catch {
    throw new DynamoDBAbortError(abortSignal?.reason, failedAttempt);
  }
}
