import { matchedElements } from './matched-elements.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equalOnceDecoded } from '../dynamodb/values/attribute-values.js';
import { canonicalOnceDecoded, isExactNumber } from '../dynamodb/values/numbers.js';
import { setField } from '../dynamodb/values/set-field.js';

/**
 * What the handler changed, applied to what was loaded. Everything that it left as it was given stays as it was loaded:
 * numbers keep digits that JavaScript cannot hold, and objects keep fields that a schema hides from the handler.
 *
 * @param given what the handler was given: `loaded` itself or, if there is a schema, what the schema made of it
 * @param left what the handler made of that
 */
export function rebase(loaded: AttributeValue | undefined, given: AttributeValue | undefined, left: AttributeValue): AttributeValue {
  if (loaded === undefined || given === undefined) {
    return left;
  }
  if (equalOnceDecoded(given, left)) {
    return loaded;
  }
  if (loaded.M !== undefined && given.M !== undefined && left.M !== undefined) {
    return { M: rebaseFields(loaded.M, given.M, left.M) };
  }
  if (loaded.L !== undefined && given.L?.length === loaded.L.length && left.L !== undefined) {
    return loaded === given && losesNothing(loaded) ? left : { L: rebaseElements(loaded.L, given.L, left.L) };
  }
  return loaded.NS !== undefined && left.NS !== undefined ? { NS: rebaseNumbers(loaded.NS, left.NS) } : left;
}

type Fields = Readonly<Record<string, AttributeValue>>;

function rebaseFields(loaded: Fields, given: Fields, left: Fields): Fields {
  const fields: Record<string, AttributeValue> = {};
  for (const name in loaded) {
    if (Object.hasOwn(left, name) || !Object.hasOwn(given, name)) {
      setField(fields, name, loaded[name]);
    }
  }
  for (const name in left) {
    const before = ownField(given, name);
    if (!equalOnceDecoded(before, left[name])) {
      setField(fields, name, rebase(ownField(loaded, name), before, left[name]));
    }
  }
  return fields;
}

function rebaseElements(loaded: readonly AttributeValue[], given: readonly AttributeValue[], left: readonly AttributeValue[]): AttributeValue[] {
  const matches = matchedElements(given, left);
  return left.map((element, index) => {
    const match = matches[index];
    return match === undefined ? element : rebase(loaded[match], given[match], element);
  });
}

/** Whether decoding keeps all digits of its numbers, so that it does not matter which of its elements is which. */
function losesNothing({ N, NS, M, L }: AttributeValue): boolean {
  return (N === undefined || isExactNumber(N))
    && (NS === undefined || NS.every(isExactNumber))
    && (M === undefined || Object.values(M).every(losesNothing))
    && (L === undefined || L.every(losesNothing));
}

function rebaseNumbers(loaded: readonly string[], left: readonly string[]): string[] {
  const kept = new Set(left.map(canonicalOnceDecoded));
  const known = new Set(loaded.map(canonicalOnceDecoded));
  return [
    ...loaded.filter((member) => kept.has(canonicalOnceDecoded(member))),
    ...left.filter((member) => !known.has(canonicalOnceDecoded(member))),
  ];
}

export function ownField(fields: Fields, name: string): AttributeValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
