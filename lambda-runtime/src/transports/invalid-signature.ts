import { channel } from '../platform/node-modules.js';

/**
 * What subscribers of `channel('cdk-session-table.invalid-signature')` receive when a client presents a cookie that none of the
 * `secrets` signed: one that is forged, or was signed by a secret that has been removed. Nothing of what it held.
 */
export interface InvalidSignature {
  /** The name of the cookie. */
  readonly cookie: string;
}

const invalidSignature = channel('cdk-session-table.invalid-signature');

export function reportInvalidSignature(cookie: string): void {
  invalidSignature.publish({ cookie } satisfies InvalidSignature);
}
