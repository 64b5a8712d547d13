const KEY = Symbol.for('cdk-session-table/runtime@1');

const values = ((globalThis as { [KEY]?: Record<string, unknown> })[KEY] ??= {});

/**
 * One value for all copies of this module in the process: unbundled Node can load it both as an ES module and as CommonJS.
 * Whoever owns the name makes the value when it is first asked for.
 */
export function processWide<T>(name: string, make: () => T): T {
  return (values[name] ??= make()) as T;
}
