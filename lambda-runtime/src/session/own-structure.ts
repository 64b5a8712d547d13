import { isConstant } from './is-constant.js';
import { setField } from '../dynamodb/values/set-field.js';
import { SessionDataError } from '../errors.js';
import { types } from '../platform/node-modules.js';

/**
 * A copy of everything that can be changed in place in what a schema put out: schemas hand out one and the same object as a
 * default or a fallback, and what one session does to it must not be seen by the next.
 *
 * Instances of other classes only know themselves how they are copied. So one is handed out once, and so is what is stored as
 * its fields, unless nothing in it can be changed.
 *
 * @throws SessionDataError if it is handed out again
 */
export function ownStructure(value: unknown): unknown {
  const uncopied = new Set<object>();
  const copy = copyOf(value, uncopied);
  for (const each of uncopied) {
    if (handedOut.has(each)) {
      throw handedOutAgain(each);
    }
    handedOut.add(each);
  }
  return copy;
}

/** What sessions have that is no copy: instances of classes, and what is in their fields. */
const handedOut = new WeakSet<object>();

function handedOutAgain({ constructor = Object }: object): SessionDataError {
  const { name } = constructor;
  return new SessionDataError(`the schema of the session data handed out the same ${name} again, which another session may have changed: `
    + `have it make a new one each time, as with .default(() => new ${name}()), or freeze it with all that is in it`);
}

/** @param uncopied collects what is not copied, and must not be handed out again */
function copyOf(value: unknown, uncopied: Set<object>): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return Array.from(value, (each) => copyOf(each, uncopied));
  }
  if (types.isDate(value)) {
    return new Date(value);
  }
  if (types.isUint8Array(value)) {
    return Uint8Array.prototype.slice.call(value); // which copies a Buffer too, where its own `slice` shares the memory
  }
  if (types.isSet(value)) {
    return new Set(Array.from(value, (each) => copyOf(each, uncopied)));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return ownFields(value, prototype, uncopied);
  }
  collect(value, uncopied);
  return value;
}

function ownFields(value: object, prototype: object | null, uncopied: Set<object>): object {
  const copy: Record<string, unknown> = Object.create(prototype);
  for (const name of Object.keys(value)) {
    setField(copy, name, copyOf((value as Record<string, unknown>)[name], uncopied));
  }
  return copy;
}

/** An instance and what is stored as its fields. How a class with a `toJSON` keeps what it stores is its own business. */
function collect(value: unknown, uncopied: Set<object>): void {
  if (typeof value === 'object' && value !== null && !isConstant(value)) {
    uncopied.add(value);
    if (!('toJSON' in value)) {
      Object.values(value).forEach((each) => collect(each, uncopied));
    }
  }
}
