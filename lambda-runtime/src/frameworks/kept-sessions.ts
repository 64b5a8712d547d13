import { KeptSession, unknownSession } from './kept-session.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import { generateSessionId, isUsableId } from '../ids/session-id.js';
import { storeAccess } from '../invocation/begin-invocation.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { destroySession } from '../lifecycle/destroy.js';
import { loadById } from '../lifecycle/load.js';
import { rehearseInvocation } from '../lifecycle/rehearse-invocation.js';
import { checkOptionNames } from '../platform/option-names.js';

/**
 * What the stores of frameworks take; each as of `session()`.
 *
 * @example
 * ```ts
 * import type { SessionKeepingOptions } from 'cdk-session-table/lambda-runtime';
 *
 * const options: SessionKeepingOptions = { ttl: 24 * 60 * 60, absoluteTimeout: 30 * 24 * 60 * 60, hashIds: true };
 * ```
 */
export type KeptSessionOptions = Pick<
  SessionOptions, 'store' | 'client' | 'consistentRead' | 'ttl' | 'absoluteTimeout' | 'touchAfter' | 'rolling' | 'hashIds' | 'pepper'
>;

const OPTIONS: readonly (keyof KeptSessionOptions)[] = [
  'store', 'client', 'consistentRead', 'ttl', 'absoluteTimeout', 'touchAfter', 'rolling', 'hashIds', 'pepper',
];

/**
 * Sessions for the stores of frameworks, which say by their ids which to load and to save. The options are checked
 * immediately, the store is opened on first use.
 */
export function keptSessions(framework: string, options: KeptSessionOptions): KeptSessions {
  checkOptionNames(options, OPTIONS, framework);
  return new KeptSessions(storeAccess(resolveOptions({ ...options, update: true }), rehearseInvocation));
}

export class KeptSessions {
  constructor(private readonly access: () => StoreAccess) {}

  /**
   * The session of an id; `undefined` if there is none, or it has expired. So there is of what cannot be an id: a client can
   * write anything into a cookie that is not signed, such as the key of a row that is no session.
   */
  async load(id: string): Promise<KeptSession | undefined> {
    if (!isUsableId(id)) {
      return undefined;
    }
    const access = this.access();
    await access.options.prepare?.();
    const state = await loadById(id, access);
    return state.isNew ? undefined : new KeptSession(id, this.access, state);
  }

  /** A session that is stored when it is saved for the first time. */
  begin(id: string = generateSessionId()): KeptSession {
    return new KeptSession(id, this.access);
  }

  async destroy(id: string): Promise<void> {
    if (!isUsableId(id)) {
      return;
    }
    const access = this.access();
    await destroySession(await unknownSession(id, access), access);
  }
}
