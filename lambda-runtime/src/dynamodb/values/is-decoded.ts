import type { AttributeValue } from './attribute-value.js';
import { parseNumber } from './numbers.js';

/**
 * Whether the data is what `decode` makes of the value, with the same types and nothing beside it. It allocates next to
 * nothing, so it costs a fraction of encoding the data and comparing.
 *
 * It may also return `false` for data that is encoded to the same value, such as sets and bytes: then encode the data.
 */
export function isDecoded(value: AttributeValue, data: unknown): boolean {
  switch (typeof data) {
    case 'string': return value.S === data;
    case 'number': return value.N !== undefined && (value.N === String(data) || parseNumber(value.N) === data);
    case 'bigint': return value.N !== undefined && parseNumber(value.N) === data;
    case 'boolean': return value.BOOL === data;
    case 'object': return data === null ? value.NULL === true : isDecodedObject(value, data);
    default: return false;
  }
}

function isDecodedObject({ M, L }: AttributeValue, data: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(data);
  if (M !== undefined) {
    return prototype === Object.prototype && areDecodedFields(M, data as Record<string, unknown>);
  }
  return L !== undefined && prototype === Array.prototype && Array.isArray(data) && areDecodedElements(L, data);
}

function areDecodedFields(fields: Readonly<Record<string, AttributeValue>>, data: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(data);
  for (const name of names) {
    if (!Object.hasOwn(fields, name) || !isDecoded(fields[name], data[name])) {
      return false;
    }
  }
  return names.length === Object.keys(fields).length;
}

function areDecodedElements(elements: readonly AttributeValue[], data: readonly unknown[]): boolean {
  if (elements.length !== data.length || 'toJSON' in data) {
    return false;
  }
  for (let index = 0; index < elements.length; index++) {
    if (!isDecoded(elements[index], data[index])) {
      return false;
    }
  }
  return true;
}
