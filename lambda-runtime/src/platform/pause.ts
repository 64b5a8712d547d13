import { sleep } from './node-modules.js';

/**
 * Waits after the given round of a conflict (counted from 0): a random time below `10 × 2^round` ms, at most 200 ms, so that
 * those who met do not meet again. Rejects with the signal's reason when that ends the wait.
 */
export async function pauseBeforeRetry(round: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const longestMs = Math.min(200, 10 * 2 ** round);
  await sleep(Math.random() * longestMs);
  signal?.throwIfAborted();
}
