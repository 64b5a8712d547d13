import { NoActiveSessionError } from './errors.js';
import type { Invocation } from './invocation.js';
import { loadById } from './loading.js';
import { runtimeState } from './runtime-state.js';
import { sessionIdFromSeed } from './session-id.js';

/** The session of the invocation that is running. */
export interface Session<T = unknown> {
  /** The session id. Whoever knows it has the session: it belongs in no log. */
  readonly id: string;
  /** Whether the store did not have it when it was loaded. */
  readonly isNew: boolean;
  /** The data; `null` until something is set. */
  readonly data: T | null;
  /**
   * Replaces the data. Stored when the handler has returned.
   *
   * @throws NoActiveSessionError after that
   */
  set(data: T): void;
}

/**
 * The session of the invocation that is running.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps
 */
export function currentSession<T = unknown>(): Session<T> {
  const invocation = currentInvocation('currentSession');
  return {
    get id() { return invocation.session.id; },
    get isNew() { return invocation.session.isNew; },
    get data() { return invocation.session.data as T | null; },
    set: (data) => setData(invocation, data),
  };
}

/**
 * The data of the current session; `null` until something is set.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps
 */
export function getSessionData<T = unknown>(): T | null {
  return currentInvocation('getSessionData').session.data as T | null;
}

/**
 * Replaces the data of the current session. Stored when the handler has returned; with `update: false` only if the session
 * had no data before.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps, or when it has returned
 */
export function setSessionData<T = unknown>(data: T): void {
  setData(currentInvocation('setSessionData'), data);
}

/**
 * Replaces the current session by the one that belongs to a seed, for instance a user name or a chat's id: its id is the
 * SHA-256 of the seed in hex. What was set before is dropped. Costs one read.
 *
 * @throws NoActiveSessionError outside a handler that `session()` wraps, or when it has returned
 * @throws SessionStoreError if the session cannot be loaded
 */
export async function useSessionIdFromSeed(seed: string): Promise<void> {
  const invocation = currentInvocation('useSessionIdFromSeed');
  const session = await loadById(sessionIdFromSeed(seed), invocation.access);
  refuseAfterEnd(invocation);
  invocation.session = session;
}

function setData(invocation: Invocation, data: unknown): void {
  refuseAfterEnd(invocation);
  invocation.session.data = data;
}

function currentInvocation(caller: string): Invocation {
  const invocation = runtimeState.invocations.getStore();
  if (invocation === undefined) {
    throw new NoActiveSessionError(`${caller}() works only while a handler that session() wraps is running`);
  }
  return invocation;
}

function refuseAfterEnd(invocation: Invocation): void {
  if (invocation.hasEnded) {
    throw new NoActiveSessionError('the handler has returned and its session is saved: await all work on the session before returning');
  }
}
