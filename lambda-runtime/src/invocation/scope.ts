import { NoActiveSessionError, SessionError } from '../errors.js';
import type { Invocation } from './invocation.js';
import { isSameRequest } from './same-request.js';
import { refuseUnseenFailure } from './watched-work.js';
import { AsyncLocalStorage } from '../platform/node-modules.js';
import { processWide } from '../platform/process-wide.js';

/**
 * Holds a function, not the invocation: on Node 20 and 22 every promise, timer and socket has a property that leads to this
 * value, and `util.inspect` with `showHidden` (`%o`) would print the event and the session id. It cannot look into a closure.
 */
const running = processWide('running-invocation', () => new AsyncLocalStorage<() => Invocation>());

/** Runs the handler so that the session functions find its invocation, even when several run concurrently. */
export async function runHandler<T>(invocation: Invocation, handler: () => T): Promise<Awaited<T>> {
  refuseSecondSession(invocation);
  const result = await runToItsEnd(invocation, handler);
  if (invocation.watched.length > 0) {
    await refuseUnseenFailure(invocation);
  }
  return result;
}

async function runToItsEnd<T>(invocation: Invocation, handler: () => T): Promise<Awaited<T>> {
  try {
    const result = await running.run(() => invocation, handler);
    invocation.refuseWithoutSession();
    return result;
  } finally {
    invocation.hasEnded = true;
    if (invocation.replacement !== undefined) {
      await invocation.replacement;
    }
    await invocation.session.updates.last;
    for (const { work } of invocation.watched) {
      await work.catch(() => undefined); // who looks at it is found out below, or the handler has failed already
    }
  }
}

/**
 * The invocation whose handler is running.
 *
 * @throws NoActiveSessionError outside a handler wrapped by `session()`, and in what an invocation left behind when it ended:
 *   the callbacks of a pooled connection run in the context of the invocation that opened it
 */
export function currentInvocation(caller: string): Invocation {
  const invocation = running.getStore()?.();
  if (invocation === undefined) {
    throw new NoActiveSessionError(`${caller}() only works while a handler wrapped by session() is running`);
  }
  if (invocation.hasEnded) {
    throw new NoActiveSessionError(
      `${caller}() was called in the context of an invocation that has ended: await all work on the session before the handler returns, `
      + 'and prefer promises to the callbacks of pooled connections, which run in the context of the invocation that opened the connection',
    );
  }
  return invocation;
}

/**
 * The same, for what also works where no handler is running.
 *
 * @throws NoActiveSessionError in what an invocation left behind when it ended
 */
export function runningInvocation(caller: string): Invocation | undefined {
  return running.getStore() === undefined ? undefined : currentInvocation(caller);
}

/** @throws SessionError if the request has a session already: two would load and save it side by side, and one answer would hide the other's */
function refuseSecondSession(invocation: Invocation): void {
  const outer = running.getStore()?.();
  if (outer !== undefined && !outer.hasEnded && isSameRequest(outer.event, invocation.event)) {
    throw new SessionError('this request already has a session: the handler is wrapped twice, for example by session() and by an adapter; keep one of them');
  }
}
