import { configuredStore } from './configured-store.js';
import type { ResolvedOptions } from './resolve-options.js';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema.js';
import { warnOnce } from '../platform/warn-once.js';

/** At set-up, where sessions go to a DynamoDB table: without a time-out their rows stay, and are paid for, forever. */
export function warnOfEndlessRows({ ttl, absoluteTimeout, store = configuredStore(), isReadOnly }: ResolvedOptions): void {
  const isInDynamoDB = store === undefined ? Boolean(process.env[TABLE_NAME_ENVIRONMENT_VARIABLE]) : 'tableName' in store;
  if (ttl === 0 && absoluteTimeout === 0 && isInDynamoDB && !isReadOnly) {
    warnOnce('the sessions never expire, so their rows stay in the table forever; pass ttl or absoluteTimeout, both in seconds');
  }
}
