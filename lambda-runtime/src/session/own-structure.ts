import { setField } from '../dynamodb/values/set-field.js';
import { SessionDataError } from '../errors.js';
import { types } from '../platform/node-modules.js';

/**
 * A copy of everything that can be changed in place in what a schema put out: schemas hand out one and the same object as a
 * default or a fallback, and what one session does to it must not be seen by the next.
 *
 * Instances of other classes only know themselves how they are copied. So one is handed out once, unless it is frozen.
 *
 * @throws SessionDataError if it is handed out again
 */
export function ownStructure(value: unknown): unknown {
  const instances = new Set<object>();
  const copy = copyOf(value, instances);
  for (const instance of instances) {
    if (handedOut.has(instance)) {
      throw handedOutAgain(instance);
    }
    handedOut.add(instance);
  }
  return copy;
}

/** The instances of classes that sessions have. */
const handedOut = new WeakSet<object>();

function handedOutAgain(instance: object): SessionDataError {
  const { name } = instance.constructor;
  return new SessionDataError(`the schema of the session data handed out the same ${name} again, which another session may have changed: `
    + `have it make a new one each time, as with .default(() => new ${name}()), or freeze it`);
}

/** @param instances the instances of classes that are found, and must not be handed out again */
function copyOf(value: unknown, instances: Set<object>): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return Array.from(value, (each) => copyOf(each, instances));
  }
  if (types.isDate(value)) {
    return new Date(value);
  }
  if (types.isUint8Array(value)) {
    return Uint8Array.prototype.slice.call(value); // which copies a Buffer too, where its own `slice` shares the memory
  }
  if (types.isSet(value)) {
    return new Set(Array.from(value, (each) => copyOf(each, instances)));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return ownFields(value, prototype, instances);
  }
  if (!Object.isFrozen(value)) {
    instances.add(value);
  }
  return value;
}

function ownFields(value: object, prototype: object | null, instances: Set<object>): object {
  const copy: Record<string, unknown> = Object.create(prototype);
  for (const name of Object.keys(value)) {
    setField(copy, name, copyOf((value as Record<string, unknown>)[name], instances));
  }
  return copy;
}
