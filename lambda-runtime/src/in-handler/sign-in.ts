import { SessionOptionsError, SessionStoreNotSetError } from '../errors.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { checkOptionNames } from '../platform/option-names.js';
import { checkText } from '../platform/text.js';
import type { SignedIn } from '../session/signed-in.js';
import { numberAttribute } from '../stores/session-row.js';

/**
 * How a user signs in.
 *
 * @example
 * ```ts
 * import { currentSession } from 'cdk-session-table/lambda-runtime';
 * import type { SignInOptions } from 'cdk-session-table/lambda-runtime';
 *
 * const rememberMe: SignInOptions = { label: 'phone', persistent: true, ttl: 30 * 24 * 3600, absoluteTimeout: 90 * 24 * 3600 };
 * currentSession().signIn('user-17', rememberMe);
 * ```
 */
export interface SignInOptions {
  /**
   * What the user recognises the session by in a list, such as the name of the device.
   *
   * @default none
   */
  readonly label?: string;

  /**
   * "Remember me": gives this session its own `ttl` and `absoluteTimeout`, which every handler obeys, and lets a cookie survive
   * the end of the browser.
   *
   * @default false: the options of the handlers apply
   */
  readonly persistent?: boolean;

  /**
   * Whole seconds until the session expires if it is not used; 0: never. Needs `persistent: true`.
   *
   * @default the handler's option
   */
  readonly ttl?: number;

  /**
   * Whole seconds from its creation after which the session ends however much it is used; 0: never. Needs `persistent: true`.
   *
   * @default the handler's option
   */
  readonly absoluteTimeout?: number;
}

/**
 * The attributes of the row of a session that is signed in; those that are `undefined` are removed from it.
 *
 * @throws SessionOptionsError for an option that cannot work; SessionStoreNotSetError if there is no collections table
 */
export function signedInAttributes(user: string, given: SignInOptions, { store, options }: StoreAccess): SignedIn {
  checkOptionNames(given, ['label', 'persistent', 'ttl', 'absoluteTimeout'], 'signIn()');
  const { label, persistent = false, ttl, absoluteTimeout } = given;
  checkText('the user', user);
  if (label !== undefined) {
    checkText('the label', label);
  }
  if (typeof persistent !== 'boolean') {
    throw new SessionOptionsError(`persistent must be true or false, got ${typeof persistent === 'string' ? `'${persistent as string}'` : String(persistent)}`);
  }
  if (!persistent && (ttl !== undefined || absoluteTimeout !== undefined)) {
    throw new SessionOptionsError('ttl and absoluteTimeout of signIn() need persistent: true');
  }
  for (const [name, seconds] of Object.entries({ ttl, absoluteTimeout })) {
    if (seconds !== undefined && (!Number.isSafeInteger(seconds) || seconds < 0)) {
      throw new SessionOptionsError(`${name} must be a whole number of seconds, got ${String(seconds)}`);
    }
  }
  if (store.collections === undefined) {
    throw new SessionStoreNotSetError('signIn() needs a collections table: set collections: true on the SessionTable, or pass collectionsTableName to initSessionStore()');
  }
  return {
    user: { S: user },
    user_label: label === undefined ? undefined : { S: label },
    user_until: undefined,
    own_ttl: persistent ? numberAttribute(ttl ?? options.ttl) : undefined,
    own_timeout: persistent ? numberAttribute(absoluteTimeout ?? options.absoluteTimeout) : undefined,
  };
}
