import { SessionOptionsError } from '../errors.js';

/** Whether it is a string without unpaired surrogates, which UTF-8 cannot hold: they would all become U+FFFD. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && (value as CheckableString).isWellFormed();
}

/** Since Node 20, but not in the library that TypeScript compiles against. */
type CheckableString = string & { isWellFormed(): boolean };

/** @throws SessionOptionsError unless it can be the name of something */
export function checkText(what: string, value: unknown): void {
  if (!isText(value) || value === '') {
    throw new SessionOptionsError(`${what} must be a text that is not empty and has no unpaired surrogates`);
  }
}
