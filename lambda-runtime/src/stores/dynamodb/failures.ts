import { SessionDataTooLargeError, SessionStoreError } from '../../errors.js';
import type { SessionError } from '../../errors.js';
import { correlationHash } from '../../ids/session-id.js';

export type Operation = 'load' | 'save' | 'touch' | 'regenerate' | 'destroy' | 'query' | 'write';

const IN_WORDS: Record<Operation, readonly [string, string]> = {
  load: ['load session', 'from'],
  save: ['save session', 'to'],
  touch: ['renew session', 'in'],
  regenerate: ['give another id to session', 'in'],
  destroy: ['destroy session', 'in'],
  query: ['read collection', 'from'],
  write: ['write to collection', 'in'],
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
  TimeoutError: 'DynamoDB did not answer within the time limit: 10 s, or what the function has left minus a reserve of up to 0.5 s',
};

/**
 * The error to throw when a call to DynamoDB failed: what, on which table, why, what to do. It contains a short
 * hash, to correlate, and never the id.
 */
export function describeFailure(operation: Operation, key: string, tableName: string, cause: unknown): SessionError {
  const [verb, preposition] = IN_WORDS[operation];
  const failure = `could not ${verb} ${correlationHash(key)} ${preposition} the table "${tableName}"`;
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  if (name === 'ValidationException' && /item size/i.test(message)) {
    return new SessionDataTooLargeError(
      `${failure}: with what other invocations have saved the session would exceed the 400 KB of a DynamoDB item`,
      { cause },
    );
  }
  const advice = ADVICE[name] === undefined ? '' : ` (${ADVICE[name]})`;
  return new SessionStoreError(`${failure}: ${name}: ${message}${advice}`, { cause });
}
