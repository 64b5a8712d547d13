import { readableSession, refuseAfterHead, writableSession } from './guards.js';
import { signedInAttributes } from './sign-in.js';
import type { SignInOptions } from './sign-in.js';
import type { Invocation } from '../invocation/invocation.js';
import { currentInvocation } from '../invocation/scope.js';
import { watchedWork } from '../invocation/watched-work.js';
import { destroySession } from '../lifecycle/destroy.js';
import { regenerateSession } from '../lifecycle/regenerate.js';
import { updateSession } from '../lifecycle/update.js';
import type { Update } from '../lifecycle/update.js';
import { inspect } from '../platform/node-modules.js';
import { expiryToBe, policyOf } from '../session/expiry.js';
import type { SessionDataOf } from '../session/schema.js';
import type { SessionState } from '../session/session-state.js';
import { readEpochSeconds, toDate } from '../stores/session-row.js';

/**
 * The session of the invocation that is running. When the handler has returned, its properties and methods throw a
 * `NoActiveSessionError`, so call `currentSession()` in every invocation. After `destroy()`, all other methods throw a
 * `SessionError`. In a function that may only read sessions (`SessionTable.attachReadOnly`), all methods throw a `SessionError`.
 *
 * @example
 * ```ts
 * import type { Session } from 'cdk-session-table/lambda-runtime';
 *
 * function logIn(session: Session<{ name: string }>, name: string): void {
 *   session.set({ name });
 *   session.regenerate(); // a new id, now that it stands for more rights
 * }
 * ```
 */
export interface Session<T = unknown> {
  /** The session id; a different one after `regenerate()`. Whoever knows it has the session: keep it out of logs. */
  readonly id: string;

  /** Whether the store did not have the session when it was loaded. */
  readonly isNew: boolean;

  /** The data; `null` until something is set. Changes in place are saved too, with `update: true`. */
  readonly data: T | null;

  /** When this life of the session began; `undefined` for a row made manually without that attribute. */
  readonly createdAt: Date | undefined;

  /** When the session expires if it is not renewed; `undefined`: never. */
  readonly expiresAt: Date | undefined;

  /** The user who is signed in; `undefined`: nobody. */
  readonly user: string | undefined;

  /** Replaces the data. It is saved when the handler has returned. */
  set(data: T): void;

  /**
   * Changes the data in one step as seen by every other invocation, so that concurrent updates are never lost: counters,
   * lists, stock. Done when the promise resolves, and not undone if the handler throws later. From then on `data` is another
   * object, which includes what others saved: make changes in place to that one. Needs `update: true`. Every attempt that
   * collides with another invocation's is billed as a write.
   *
   * @param update gets the committed data, with this invocation's unsaved changes applied to it; returns the new data, or
   *   nothing after changing its argument. Runs again if another invocation was faster, so it must be synchronous and have no
   *   side effects
   * @returns the committed data
   * @throws SessionConflictError if another invocation destroyed the session, or it has expired
   * @throws SessionStoreError if it was not applied, or if it is unknown whether it was
   * @throws SessionOptionsError without `update: true`
   */
  update(update: Update<T | null>): Promise<T>;

  /** Renews the expiry when the session is saved, due or not. */
  touch(): void;

  /**
   * Signs a user in: binds the session to the user and gives it a new id, when it is saved. The data stays. Needs a collections
   * table. `destroy()` signs out; `sessionsOf(user)` finds all sessions of the user.
   *
   * @param user what identifies the user and never changes, such as a number; not an address that may change
   * @throws SessionStoreNotSetError if there is no collections table
   * @throws SessionOptionsError for an option that cannot work
   */
  signIn(user: string, options?: SignInOptions): void;

  /**
   * Gives the session a new id when it is saved. Call it whenever the client gains rights, for example at a login. The data
   * and `createdAt` stay; the old id no longer works.
   */
  regenerate(): void;

  /**
   * Deletes the session immediately and asks the client to forget its id. Not undone if the handler throws later. A save, a
   * renewal or a regeneration by another invocation does not recreate it.
   *
   * @throws SessionStoreError if it could not be deleted
   */
  destroy(): Promise<void>;
}

/**
 * The session of the invocation that is running.
 *
 * @example
 * ```ts
 * import { currentSession, session } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async () => {
 *   const cart = currentSession<{ items: string[] }>();
 *   await cart.update((data) => ({ items: [...(data?.items ?? []), 'tea'] })); // loses none
 *   return { statusCode: 200, body: `${cart.data?.items.length}` };
 * }, { update: true, ttl: 24 * 60 * 60 });
 * ```
 *
 * @throws NoActiveSessionError outside a handler wrapped by `session()`, and when its invocation has ended
 */
export function currentSession<T = unknown>(): Session<SessionDataOf<T>> {
  return new CurrentSession<SessionDataOf<T>>(currentInvocation('currentSession'));
}

class CurrentSession<T> implements Session<T> {
  readonly #invocation: Invocation;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    // Not a method: bundlers keep a class with a computed name in it, and what it imports, also where nobody uses it.
    Object.defineProperty(this, inspect.custom, { value: () => this.#allButTheId() });
  }

  get id(): string {
    return this.#readable().id;
  }

  get isNew(): boolean {
    return this.#readable().isNew;
  }

  get data(): T | null {
    return this.#readable().data as T | null;
  }

  get createdAt(): Date | undefined {
    const { row, loadedAt } = this.#readable();
    return toDate(row === undefined ? loadedAt : readEpochSeconds(row.created_at));
  }

  get expiresAt(): Date | undefined {
    const { row, loadedAt, signedIn } = this.#readable();
    const expiryOfNew = () => expiryToBe(loadedAt, loadedAt, policyOf(signedIn, this.#invocation.access.options));
    return toDate(row === undefined ? expiryOfNew() : readEpochSeconds(row.ttl));
  }

  set(data: T): void {
    this.#writable().data = data;
  }

  update(update: Update<T | null>): Promise<T> {
    return watchedWork(this.#invocation, async () => {
      return updateSession(this.#writable(), update as Update<unknown>, this.#invocation.access) as Promise<T>;
    });
  }

  touch(): void {
    const state = this.#writable();
    state.refuseIfDestroyed();
    state.isTouched = true;
  }

  get user(): string | undefined {
    const state = this.#readable();
    return state.isDestroyed ? undefined : state.user;
  }

  signIn(user: string, options: SignInOptions = {}): void {
    const state = this.#writable();
    const signedIn = signedInAttributes(user, options, this.#invocation.access);
    this.regenerate();
    state.signedIn = signedIn;
    state.isTouched = true; // with the times that it has from now on
  }

  regenerate(): void {
    const state = this.#writable();
    refuseAfterHead(this.#invocation, 'regenerate');
    regenerateSession(state, this.#invocation.access);
  }

  destroy(): Promise<void> {
    return watchedWork(this.#invocation, async () => {
      const state = this.#writable();
      refuseAfterHead(this.#invocation, 'destroy');
      await destroySession(state, this.#invocation.access);
    });
  }

  #readable(): SessionState {
    return readableSession(this.#invocation);
  }

  #writable(): SessionState {
    return writableSession(this.#invocation);
  }

  /** For `util.inspect`, which must not throw: of a session that cannot be read, only the hash. */
  #allButTheId(): object {
    const { session, hasEnded, unusable } = this.#invocation;
    if (hasEnded || unusable !== undefined) {
      return { session, hasEnded };
    }
    const { isNew, data, createdAt, expiresAt } = this;
    return { session, isNew, data, createdAt, expiresAt };
  }
}
