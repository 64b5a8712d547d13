import { processWide } from './process-wide.js';

/** A warning on the console, the first time that this process has a reason for it. */
export function warnOnce(message: string): void {
  const given = processWide('warnings', () => new Set<string>());
  if (!given.has(message)) {
    given.add(message);
    console.warn(`cdk-session-table: ${message}`);
  }
}
