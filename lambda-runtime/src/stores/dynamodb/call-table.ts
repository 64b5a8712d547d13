import { isTransactionConflict } from './transactions.js';
import type { DynamoDBCallOptions, DynamoDBMetadata } from '../../dynamodb/client/dynamodb-client.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import { pauseBeforeRetry } from '../../platform/pause.js';
import type { StoreCallOptions } from '../call-options.js';

export type Send<T> = (call: DynamoDBCallOptions) => Promise<T>;

/**
 * Sends a call within its time limit, again while another transaction is using an item. The clients do not retry these,
 * the SDK's included.
 *
 * @throws what `describe` makes of its failure
 */
export async function callTable<T>(send: Send<T>, { timeLimitMs }: StoreCallOptions, describe: (cause: unknown) => Error): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(timeoutError(timeLimitMs)), timeLimitMs);
  try {
    for (let round = 0; ; round++) {
      try {
        return await send({ abortSignal: abort.signal });
      } catch (error) {
        await pauseAfterConflict(error, round, abort.signal);
      }
    }
  } catch (cause) {
    throw describe((cause as Error).name === 'AbortError' ? abort.signal.reason : cause);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the error if it is anything but a conflict with another transaction */
async function pauseAfterConflict(error: unknown, round: number, signal: AbortSignal): Promise<void> {
  if (!isTransactionConflict(error)) {
    throw error;
  }
  await pauseBeforeRetry(round, signal);
}

/** How often the request of a failed call was sent. */
export function attemptsOf(error: unknown): number {
  return (error as Partial<DynamoDBMetadata>).$metadata?.attempts ?? 1;
}

export function isConditionFailure(error: unknown): error is Error & { Item?: Item } {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

function timeoutError(timeLimitMs: number): Error {
  return Object.assign(new Error(`no answer within ${timeLimitMs} ms`), { name: 'TimeoutError' });
}
