import { KeptSession } from './kept-session.js';
import { checkOptionNames } from './option-names.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import { generateSessionId } from '../ids/session-id.js';
import { storeAccess } from '../invocation/begin-invocation.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { destroySession } from '../lifecycle/destroy.js';
import { loadById } from '../lifecycle/load.js';
import { SessionState } from '../session/session-state.js';

/** What the stores of frameworks take; each as of `session()`. */
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
  checkOptionNames(framework, options, OPTIONS);
  return new KeptSessions(storeAccess(resolveOptions({ ...options, update: true })));
}

export class KeptSessions {
  constructor(private readonly access: () => StoreAccess) {}

  /** The session of an id; `undefined` if there is none, or it has expired. */
  async load(id: string): Promise<KeptSession | undefined> {
    const state = await loadById(id, this.access());
    return state.isNew ? undefined : new KeptSession(state, this.access);
  }

  /** A session that is stored when it is saved for the first time. */
  begin(id: string = generateSessionId()): KeptSession {
    return new KeptSession(this.unknown(id), this.access);
  }

  async destroy(id: string): Promise<void> {
    await destroySession(this.unknown(id), this.access());
  }

  private unknown(id: string): SessionState {
    const { options, now } = this.access();
    return new SessionState({ id, key: options.keyOfId(id), idIsFresh: false, loadedAt: now() });
  }
}
