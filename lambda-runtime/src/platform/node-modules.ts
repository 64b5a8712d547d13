/*
 * What is used of Node's own modules immediately. They are not imported: of a module of its own that an ES module imports, Node
 * copies all exports, and evaluates for it those that it would load when needed, such as WebCrypto. That would add 10 ms and
 * more to a cold start on Node 22 and 24.
 */

export const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
export const { channel, tracingChannel } = process.getBuiltinModule('node:diagnostics_channel');
export const { inspect, types } = process.getBuiltinModule('node:util');

/** `setTimeout` of `node:timers/promises`, which is loaded by the first wait. */
export const sleep: typeof import('node:timers/promises').setTimeout = (...args) => process.getBuiltinModule('node:timers/promises').setTimeout(...args);

let loadedCrypto: typeof import('node:crypto') | undefined;

/** `node:crypto`, of which loading takes longer than of all the others, from the first use on. */
export function crypto(): typeof import('node:crypto') {
  return loadedCrypto ??= process.getBuiltinModule('node:crypto');
}
