import { SessionDataTooLargeError, SessionStoreError } from '../errors.js';
import type { SessionError } from '../errors.js';

export type Operation = 'load' | 'save' | 'touch' | 'regenerate' | 'destroy';

const IN_WORDS: Record<Operation, string> = {
  load: 'load the session from',
  save: 'save the session to',
  touch: 'renew the session in',
  regenerate: 'give the session another id in',
  destroy: 'destroy the session in',
};

/** What to do about the failures that somebody can do something about, by the name that AWS gives them. */
const ADVICE: Record<string, string> = {
  ResourceNotFoundException: 'there is no table of this name in the region and account of the function',
  AccessDeniedException: 'attach the function to the table (sessionTable.attach(fn)), or grant it the item actions (grantSession)',
  UnrecognizedClientException: 'the credentials are not valid in this region',
  ExpiredTokenException: 'the credentials have expired',
  ProvisionedThroughputExceededException: 'the table is throttled: raise its capacity or bill it on demand',
  ThrottlingException: 'the table is throttled: raise its capacity or bill it on demand',
  RequestLimitExceeded: 'the account is throttled in this region',
  TimeoutError: 'the answer did not come within the time limit: 10 s, or what the function has left less 0.5 s',
};

/** The error to throw when a call to DynamoDB failed: what, on which table, why, what to do. Never the session id. */
export function describeFailure(operation: Operation, tableName: string, cause: unknown): SessionError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  if (name === 'ValidationException' && /item size/i.test(message)) {
    return new SessionDataTooLargeError(
      `could not ${IN_WORDS[operation]} the table "${tableName}": with what other invocations have saved the session would exceed the 400 KB of a DynamoDB item`,
      { cause },
    );
  }
  const advice = ADVICE[name] === undefined ? '' : ` (${ADVICE[name]})`;
  return new SessionStoreError(`could not ${IN_WORDS[operation]} the table "${tableName}": ${name}: ${message}${advice}`, { cause });
}
