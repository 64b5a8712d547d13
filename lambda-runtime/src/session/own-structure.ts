import { setField } from '../dynamodb/values/set-field.js';
import { types } from '../platform/node-modules.js';

/**
 * A copy of everything that can be changed in place in what a schema put out: schemas hand out one and the same object as a
 * default or a fallback, and what one session does to it must not be seen by the next.
 *
 * Instances of other classes are kept, as only they know how to copy themselves.
 */
export function ownStructure(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return Array.from(value, ownStructure);
  }
  if (types.isDate(value)) {
    return new Date(value);
  }
  if (types.isUint8Array(value)) {
    return Uint8Array.prototype.slice.call(value); // which copies a Buffer too, where its own `slice` shares the memory
  }
  if (types.isSet(value)) {
    return new Set(Array.from(value, ownStructure));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? ownFields(value, prototype) : value;
}

function ownFields(value: object, prototype: object | null): object {
  const copy: Record<string, unknown> = Object.create(prototype);
  for (const name of Object.keys(value)) {
    setField(copy, name, ownStructure((value as Record<string, unknown>)[name]));
  }
  return copy;
}
