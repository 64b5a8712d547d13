import type { ResolvedOptions } from '../configuration/resolve-options.js';
import { SessionError } from '../errors.js';
import { correlationHash } from '../ids/session-id.js';
import { channel } from '../platform/node-modules.js';
import { processWide } from '../platform/process-wide.js';
import type { SessionState } from '../session/session-state.js';

/**
 * What subscribers of `cdk-session-table.ignored-change` receive.
 *
 * @example
 * ```ts
 * import { channel } from 'node:diagnostics_channel';
 * import type { IgnoredChange } from 'cdk-session-table/lambda-runtime';
 *
 * channel('cdk-session-table.ignored-change').subscribe((message) => {
 *   console.warn('update: false ignored a change', (message as IgnoredChange).session);
 * });
 * ```
 */
export interface IgnoredChange {
  /** A short hash of the session's key, as in `SessionTrace`. */
  readonly session: string;
}

const MESSAGE = 'the session data was changed but not saved: without the option update: true the first value set is permanent. '
  + 'Pass update: true to save changes';

const ignoredChange = channel('cdk-session-table.ignored-change');

/**
 * Reports a change that is not saved, because the session has a value already and `update` is `false`: on
 * `node:diagnostics_channel`, and once for each process on the console.
 *
 * @throws SessionError with `onIgnoredChange: 'throw'`
 */
export function reportIgnoredChange({ key }: SessionState, { throwsIgnoredChange }: ResolvedOptions): void {
  ignoredChange.publish({ session: correlationHash(key) } satisfies IgnoredChange);
  if (throwsIgnoredChange) {
    throw new SessionError(MESSAGE);
  }
  const warned = processWide('ignored-change', () => ({ once: false }));
  if (!warned.once) {
    warned.once = true;
    console.warn(`cdk-session-table: ${MESSAGE}, or onIgnoredChange: 'throw' to find out where it happens. This warning is shown once.`);
  }
}
