import { userSessions } from './user-sessions.js';
import type { IndexedSession } from './user-sessions.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import { SessionError, SessionOptionsError } from '../errors.js';
import { refuseAfterEnd, refuseAfterHead } from '../in-handler/guards.js';
import { storeAccess } from '../invocation/begin-invocation.js';
import type { Invocation } from '../invocation/invocation.js';
import { runningInvocation } from '../invocation/scope.js';
import { keepUserIndex } from '../invocation/user-moves.js';
import { watchedWork } from '../invocation/watched-work.js';
import { destroySession } from '../lifecycle/destroy.js';
import { READ_ONLY_ADVICE } from '../lifecycle/read-only.js';
import { rehearseInvocation } from '../lifecycle/rehearse-invocation.js';
import { isText } from '../platform/text.js';
import type { SessionState } from '../session/session-state.js';
import { openCollections } from '../stores/dynamodb/open-collections.js';

/**
 * One of a user's sessions, as the user may see it in a list.
 *
 * @example
 * ```ts
 * import type { UserSession } from 'cdk-session-table/lambda-runtime';
 *
 * function line({ label, lastUsed, isCurrent }: UserSession): string {
 *   return `${label ?? 'unknown device'}, ${lastUsed?.toISOString() ?? 'never'}${isCurrent ? ' (this one)' : ''}`;
 * }
 * ```
 */
export interface UserSession {
  /** Stands for the session in `destroy(handle)`. Not its id, and worth nothing without this function. */
  readonly handle: string;
  /** What `signIn` was given as its label. */
  readonly label: string | undefined;
  /** When the session began. */
  readonly createdAt: Date | undefined;
  /** When the session was used last, to about a tenth of its `ttl`; `undefined` if its expiry does not say. */
  readonly lastUsed: Date | undefined;
  /** Whether it is the session of this invocation. */
  readonly isCurrent: boolean;
}

/**
 * All sessions of one user. The methods reject with a `SessionStoreError` if the store fails.
 *
 * @example
 * ```ts
 * import type { UserSessions } from 'cdk-session-table/lambda-runtime';
 *
 * async function endOldest(sessions: UserSessions): Promise<void> {
 *   const all = await sessions.list();
 *   const [oldest] = all.sort((one, other) => Number(one.createdAt) - Number(other.createdAt));
 *   if (oldest !== undefined) {
 *     await sessions.destroy(oldest.handle);
 *   }
 * }
 * ```
 */
export interface UserSessions {
  /** Returns the sessions that are signed in, the one that was used last first. One read for each. */
  list(): Promise<UserSession[]>;
  /** Destroys the session with this handle; returns whether there was one. */
  destroy(handle: string): Promise<boolean>;
  /** Destroys all sessions but the one of this invocation. Those that change their id meanwhile are found again. */
  destroyOthers(): Promise<void>;
  /** Destroys all sessions, this invocation's too: "sign out everywhere". None that was signed in before is left. */
  destroyAll(): Promise<void>;
}

/**
 * What `sessionsOf` needs to know outside of a handler that `session()` wraps.
 *
 * @example
 * ```ts
 * import { sessionsOf } from 'cdk-session-table/lambda-runtime';
 * import type { SessionsOfOptions } from 'cdk-session-table/lambda-runtime';
 *
 * // Outside of a session, for a table that holds hashes.
 * const options: SessionsOfOptions = { hashIds: true };
 * await sessionsOf('user-17', options).destroyAll();
 * ```
 */
export type SessionsOfOptions = Pick<SessionOptions, 'store' | 'client' | 'hashIds' | 'ttl' | 'absoluteTimeout'>;

/**
 * The sessions of a user: to list them by device, and to end them. Also works in functions that have no session, such as those
 * of an administrator; if the handlers have the option `hashIds`, pass it.
 *
 * @param user as passed to `signIn`
 * @param options where there is no session: as of the handlers' `session()`
 *
 * @example
 * ```ts
 * import { cookieTransport, currentSession, session, sessionsOf } from 'cdk-session-table/lambda-runtime';
 *
 * export const signOutEverywhere = session(async () => {
 *   const { user } = currentSession();
 *   if (user !== undefined) {
 *     await sessionsOf(user).destroyAll();
 *   }
 *   return { statusCode: 204 };
 * }, { transport: cookieTransport(), update: true, ttl: 15 * 60 });
 * ```
 *
 * @throws SessionStoreNotSetError if there is no collections table
 * @throws SessionOptionsError for an option that cannot work
 */
export function sessionsOf(user: string, options?: SessionsOfOptions): UserSessions {
  if (!isText(user) || user === '') {
    throw new SessionOptionsError('sessionsOf() takes the user that was passed to signIn(), a text that is not empty and has no unpaired surrogates');
  }
  const invocation = options === undefined ? runningInvocation('sessionsOf') : undefined;
  const access = invocation?.access ?? storeAccess(resolveOptions(options), rehearseInvocation)();
  keepUserIndex(access);
  const sessions = userSessions(user, openCollections(access.store, 'sessionsOf'), access);
  const refuseReadOnly = () => {
    if (access.options.isReadOnly) {
      throw new SessionError(READ_ONLY_ADVICE);
    }
  };
  const current = () => currentSessionOf(user, invocation);
  /** A failure that the handler does not look at fails its invocation. */
  const watched = <R>(work: () => Promise<R>) => (invocation === undefined ? work() : watchedWork(invocation, async () => {
    refuseAfterEnd(invocation);
    return work();
  }));

  return {
    list: () => watched(async () => {
      const listed = await sessions.list();
      return listed.map(({ key, ...session }) => ({ ...session, isCurrent: current()?.possibleKeys.has(key) ?? false }));
    }),
    destroy: (handle) => watched(async () => {
      refuseReadOnly();
      const found = await sessions.find(handle);
      if (found === undefined) {
        return false;
      }
      await destroyCurrent(invocation, isOf(current(), found) ? current() : undefined);
      await sessions.destroyOne(found);
      return true;
    }),
    destroyOthers: () => watched(async () => {
      refuseReadOnly();
      const kept = current();
      await sessions.destroyAllBut((key) => kept !== undefined && (kept.key === key || kept.possibleKeys.has(key)));
    }),
    destroyAll: () => watched(async () => {
      refuseReadOnly();
      await destroyCurrent(invocation, current());
      await sessions.destroyAllBut(() => false);
    }),
  };
}

/** The session of this invocation, if it is the user's. */
function currentSessionOf(user: string, invocation: Invocation | undefined): SessionState | undefined {
  if (invocation === undefined) {
    return undefined;
  }
  const { session } = invocation;
  return session.user === user && !session.isDestroyed ? session : undefined;
}

function isOf(session: SessionState | undefined, { key }: IndexedSession): boolean {
  return session?.possibleKeys.has(key) ?? false;
}

/** By its own `destroy`, so that its client forgets its id and nothing is saved at the end. */
async function destroyCurrent(invocation: Invocation | undefined, session: SessionState | undefined): Promise<void> {
  if (invocation !== undefined && session !== undefined) {
    refuseAfterHead(invocation, 'destroyAll');
    await destroySession(session, invocation.access);
  }
}
