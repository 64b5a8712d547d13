import { SessionOptionsError } from '../errors.js';

/** @throws SessionOptionsError for an option that a framework's store does not have */
export function checkOptionNames(framework: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new SessionOptionsError(`there is no option ${unknown} for ${framework}; the options are ${names.join(', ')}`);
  }
}
