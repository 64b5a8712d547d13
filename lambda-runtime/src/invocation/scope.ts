import { NoActiveSessionError } from '../errors.js';
import type { Invocation } from './invocation.js';
import { AsyncLocalStorage } from '../platform/node-modules.js';
import { processWide } from '../platform/process-wide.js';

/** Where the session functions look for the invocation that they are called in. */
export interface InvocationSlot {
  invocation?: Invocation;
}

const slots = processWide('invocations', () => new AsyncLocalStorage<InvocationSlot>());

/** Runs the handler so that the session functions find its invocation, however many others run in between. */
export async function runHandler<T>(invocation: Invocation, handler: () => T): Promise<Awaited<T>> {
  try {
    return await slots.run({ invocation }, handler);
  } finally {
    invocation.hasEnded = true;
    await invocation.session.updates;
  }
}

/** @throws NoActiveSessionError outside a handler that `session()` wraps */
export function currentInvocation(caller: string): Invocation {
  const invocation = slots.getStore()?.invocation;
  if (invocation === undefined) {
    throw new NoActiveSessionError(`${caller}() works only while a handler that session() wraps is running`);
  }
  return invocation;
}

/** A slot in which the rest of this asynchronous context, up to the caller's, looks for its invocation. */
export function reserveSlot(): InvocationSlot {
  const slot: InvocationSlot = {};
  slots.enterWith(slot);
  return slot;
}
