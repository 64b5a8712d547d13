/**
 * What every call to a store takes.
 *
 * @example
 * ```ts
 * import type { StoreCallOptions } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const signal = ({ timeLimitMs }: StoreCallOptions): AbortSignal => AbortSignal.timeout(timeLimitMs);
 * ```
 */
export interface StoreCallOptions {
  /** How long the call may take, retries included, in milliseconds. */
  readonly timeLimitMs: number;
}

/**
 * How a store reads a row.
 *
 * @example
 * ```ts
 * import type { GetOptions } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const options: GetOptions = { consistentRead: true, timeLimitMs: 5_000 };
 * ```
 */
export interface GetOptions extends StoreCallOptions {
  /** Whether the read sees every write that came before it. */
  readonly consistentRead: boolean;
}

/**
 * How a store deletes a row.
 *
 * @example
 * ```ts
 * import type { DestroyOptions } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const options: DestroyOptions = { timeLimitMs: 5_000, keepsForwardingRow: true };
 * ```
 */
export interface DestroyOptions extends StoreCallOptions {
  /** Whether a forwarding row (one with `moved_to`) is only returned, and not deleted. */
  readonly keepsForwardingRow?: boolean;
}
