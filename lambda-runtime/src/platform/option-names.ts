import { SessionOptionsError } from '../errors.js';

/**
 * Refuses options that nobody would look at: a misspelt name would otherwise go unnoticed.
 *
 * @param owner what has the options, where that is not clear from their names
 * @throws SessionOptionsError
 */
export function checkOptionNames<T>(options: T, names: readonly (keyof T)[], owner?: string): void {
  const ofOwner = owner === undefined ? '' : ` for ${owner}`;
  if (typeof options !== 'object' || options === null || !HOLDERS.includes(kindOf(options))) {
    throw new SessionOptionsError(`the options${ofOwner} must be an object, got ${kindOf(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new SessionOptionsError(`there is no option ${unknown}${ofOwner}; the options are ${names.join(', ')}`);
  }
}

/** A promise of options, or a list of them, has none itself. */
const HOLDERS = ['Object', 'Module'];

/** `null`, `string`, …; of an object its kind: `Object`, `Promise`, `Array`, … */
function kindOf(value: unknown): string {
  const kind = () => Object.prototype.toString.call(value).slice('[object '.length, -1);
  return value === null ? 'null' : typeof value === 'object' ? kind() : typeof value;
}
