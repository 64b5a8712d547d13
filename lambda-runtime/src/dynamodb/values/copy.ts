import type { AttributeValue, Item } from './attribute-value.js';
import { setField } from './set-field.js';

/** A deep copy of an item, or of the fields of a map. */
export function copyOfFields<T extends Item>(fields: T): T {
  const copy: Record<string, AttributeValue> = {};
  for (const name in fields) {
    setField(copy, name, copyOf(fields[name]));
  }
  return copy as T;
}

/** A deep copy of an attribute value. */
export function copyOf(value: AttributeValue): AttributeValue {
  if (value.M !== undefined) {
    return { M: copyOfFields(value.M) };
  }
  if (value.L !== undefined) {
    return { L: value.L.map(copyOf) };
  }
  if (value.B !== undefined) {
    return { B: new Uint8Array(value.B) };
  }
  return value.SS ?? value.NS ?? value.BS ? structuredClone(value) : { ...value };
}
