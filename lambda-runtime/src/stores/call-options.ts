/** What every call to a store takes. */
export interface StoreCallOptions {
  /** How long the call may take, retries included, in milliseconds. */
  readonly timeLimitMs: number;
}

export interface GetOptions extends StoreCallOptions {
  /** Whether the read sees every write that came before it. */
  readonly consistentRead: boolean;
}

export interface DestroyOptions extends StoreCallOptions {
  /** Whether a forwarding row (one with `moved_to`) is only returned, and not deleted. */
  readonly keepsForwardingRow?: boolean;
}
