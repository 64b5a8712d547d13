import { matchedElements } from './matched-elements.js';
import type { AttributeValue, Item } from '../dynamodb/values/attribute-value.js';
import { equalOnceDecoded } from '../dynamodb/values/attribute-values.js';
import { canonicalOnceDecoded, isExactNumber } from '../dynamodb/values/numbers.js';
import { setField } from '../dynamodb/values/set-field.js';
import { changeFields } from '../stores/apply-write.js';
import type { FieldChanges } from '../stores/writes.js';

/**
 * What the handler changed, applied to what was loaded. Everything that it left as it was given stays as it was loaded, however
 * deep that is: numbers keep digits that JavaScript cannot hold, objects keep fields that a schema hides from the handler, and what
 * the schema makes something else of each time is not written for it.
 *
 * @param loaded what is in the row
 * @param given what the handler was given: `loaded` itself or, if there is a schema, what the schema made of it
 * @param left what the handler made of that
 * @param toStore what the store gets for it: `left` itself or, if there is a schema, what the schema made of it
 */
export function rebaseChanged(
  loaded: AttributeValue | undefined, given: AttributeValue | undefined, left: AttributeValue, toStore: AttributeValue,
): AttributeValue {
  if (loaded === undefined || given === undefined) {
    return toStore;
  }
  if (loaded.M !== undefined && given.M !== undefined && toStore.M !== undefined) {
    return changeFields(loaded, changedFields(loaded.M, given.M, left.M ?? toStore.M, toStore.M));
  }
  if (loaded.L !== undefined && given.L?.length === loaded.L.length && toStore.L !== undefined) {
    const elements = left.L?.length === toStore.L.length ? left.L : toStore.L;
    const isAllTheSame = loaded === given && elements === toStore.L && losesNothing(loaded);
    return isAllTheSame ? toStore : { L: rebaseElements(loaded.L, given.L, elements, toStore.L) };
  }
  return loaded.NS !== undefined && toStore.NS !== undefined ? { NS: rebaseNumbers(loaded.NS, toStore.NS) } : toStore;
}

/** The fields of an object that the handler changed, as the store gets them. The parameters are those of `rebaseChanged`. */
export function changedFields(loaded: Item, given: Item, left: Item, toStore: Item): FieldChanges {
  const set: Record<string, AttributeValue> = {};
  for (const name in toStore) {
    const before = ownField(given, name);
    const after = ownField(left, name) ?? toStore[name];
    if (!isUnchanged(before, after, toStore[name])) {
      setField(set, name, rebaseChanged(ownField(loaded, name), before, after, toStore[name]));
    }
  }
  const remove = Object.keys(given).filter((name) => !Object.hasOwn(toStore, name) && !equalOnceDecoded(given[name], ownField(left, name)));
  return { set, remove };
}

export function isUnchanged(given: AttributeValue | undefined, left: AttributeValue, toStore: AttributeValue): boolean {
  return equalOnceDecoded(given, left) || (toStore !== left && equalOnceDecoded(given, toStore));
}

type Elements = readonly AttributeValue[];

function rebaseElements(loaded: Elements, given: Elements, left: Elements, toStore: Elements): AttributeValue[] {
  const matches = matchedElements(given, left);
  return toStore.map((element, index) => {
    const match = matches[index];
    if (match === undefined) {
      return element;
    }
    const isSame = isUnchanged(given[match], left[index], element);
    return isSame ? loaded[match] : rebaseChanged(loaded[match], given[match], left[index], element);
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

function ownField(fields: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
