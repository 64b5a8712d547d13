import { refuseAfterHead, writableSession } from './guards.js';
import { generateSessionId } from '../ids/session-id.js';
import type { Invocation } from '../invocation/invocation.js';
import { currentInvocation } from '../invocation/scope.js';
import { destroySession } from '../lifecycle/destroy.js';
import { updateSession } from '../lifecycle/update.js';
import type { Update } from '../lifecycle/update.js';
import { inspect } from '../platform/node-modules.js';
import { expiryToBe } from '../session/expiry.js';
import type { SessionDataOf } from '../session/schema.js';
import type { SessionState } from '../session/session-state.js';
import { readNumber } from '../stores/session-row.js';

/**
 * The session of the invocation that is running. Its methods throw a `NoActiveSessionError` when the handler has returned,
 * and all but `destroy` a `SessionError` when the session is destroyed. In a function that may only read sessions
 * (`SessionTable.attachReadOnly`) all of them throw a `SessionError`.
 */
export interface Session<T = unknown> {
  /** The session id. Whoever knows it has the session: it belongs in no log. Another one after `regenerate()`. */
  readonly id: string;

  /** Whether the store did not have the session when it was loaded. */
  readonly isNew: boolean;

  /** The data; `null` until something is set. Changes in place are saved too, with `update: true`. */
  readonly data: T | null;

  /** When this life of the session began; `undefined` for a row made by hand that does not tell. */
  readonly createdAt: Date | undefined;

  /** When the session expires if it is not renewed; `undefined`: never. */
  readonly expiresAt: Date | undefined;

  /** Replaces the data. Saved when the handler has returned. */
  set(data: T): void;

  /**
   * Changes the data in one step as seen by every other invocation, so that none of two updates is lost: counters, lists,
   * stock. Done when the promise resolves, and not undone if the handler throws later. Then `data` is another object, which
   * holds what others saved too: changes in place go to that one. Needs `update: true`. Every attempt that meets another
   * invocation's is billed as a write.
   *
   * @param update gets the committed data, with this invocation's unsaved changes on it; returns the new data, or nothing
   *   after changing its argument. Runs again if another invocation was faster, so it has no side effects, and no promises
   * @returns the committed data
   * @throws SessionConflictError if another invocation destroyed the session
   * @throws SessionStoreError if it was not applied, or it cannot be known whether it was
   * @throws SessionOptionsError without `update: true`
   */
  update(update: Update<T | null>): Promise<T>;

  /** Renews the expiry when the session is saved, due or not. */
  touch(): void;

  /**
   * Gives the session a new id when it is saved: for whenever the client gains rights, as by a login. The data and
   * `createdAt` stay; the old id is worth nothing from then on.
   */
  regenerate(): void;

  /**
   * Deletes the session at once and has the client forget its id. Stays done if the handler throws later. A save, a renewal
   * or a regeneration of another invocation does not bring it back.
   *
   * @throws SessionStoreError if it could not be deleted
   */
  destroy(): Promise<void>;
}

/**
 * The session of the invocation that is running.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps
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
    return this.#invocation.session.id;
  }

  get isNew(): boolean {
    return this.#invocation.session.isNew;
  }

  get data(): T | null {
    return this.#invocation.session.data as T | null;
  }

  get createdAt(): Date | undefined {
    const { row, loadedAt } = this.#invocation.session;
    return toDate(row === undefined ? loadedAt : readNumber(row.created_at));
  }

  get expiresAt(): Date | undefined {
    const { access: { options }, session: { row, loadedAt } } = this.#invocation;
    return toDate(row === undefined ? expiryToBe(loadedAt, loadedAt, options) : readNumber(row.ttl));
  }

  set(data: T): void {
    this.#state().data = data;
  }

  async update(update: Update<T | null>): Promise<T> {
    return await updateSession(this.#state(), update as Update<unknown>, this.#invocation.access) as T;
  }

  touch(): void {
    const state = this.#state();
    state.refuseIfDestroyed();
    state.isTouched = true;
  }

  regenerate(): void {
    const state = this.#state();
    refuseAfterHead(this.#invocation, 'regenerate');
    const freshId = generateSessionId();
    state.regenerate(freshId, this.#invocation.access.options.keyOfId(freshId));
  }

  async destroy(): Promise<void> {
    const state = this.#state();
    refuseAfterHead(this.#invocation, 'destroy');
    await destroySession(state, this.#invocation.access);
  }

  #state(): SessionState {
    return writableSession(this.#invocation);
  }

  #allButTheId(): object {
    const { isNew, data, createdAt, expiresAt } = this;
    return { session: this.#invocation.session, isNew, data, createdAt, expiresAt };
  }
}

function toDate(epochSeconds: number | undefined): Date | undefined {
  return epochSeconds === undefined ? undefined : new Date(epochSeconds * 1000);
}
