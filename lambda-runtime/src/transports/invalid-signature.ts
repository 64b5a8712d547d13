import { channel } from '../platform/node-modules.js';

/**
 * What subscribers of `channel('cdk-session-table.invalid-signature')` receive when a client presents a cookie that none of the
 * `secrets` signed: one that is forged, or was signed by a secret that has been removed. Nothing of what it held.
 *
 * @example
 * ```ts
 * import { channel } from 'node:diagnostics_channel';
 * import type { SessionInvalidSignature } from 'cdk-session-table/lambda-runtime';
 *
 * channel('cdk-session-table.invalid-signature').subscribe((message) => {
 *   console.warn('forged or signed by a retired secret:', (message as SessionInvalidSignature).cookie);
 * });
 * ```
 */
export interface InvalidSignature {
  /** The name of the cookie. */
  readonly cookie: string;
}

const invalidSignature = channel('cdk-session-table.invalid-signature');

export function reportInvalidSignature(cookie: string): void {
  invalidSignature.publish({ cookie } satisfies InvalidSignature);
}
