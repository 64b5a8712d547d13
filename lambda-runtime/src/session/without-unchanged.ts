import { matchedElements } from './matched-elements.js';
import { ownField } from './rebase.js';
import type { AttributeValue, Item } from '../dynamodb/values/attribute-value.js';
import { equalOnceDecoded } from '../dynamodb/values/attribute-values.js';
import { setField } from '../dynamodb/values/set-field.js';

/**
 * What a schema would have stored, but what the handler left unchanged as it was given, however deep that is: the schema may make
 * something else of it each time.
 */
export function withoutUnchanged(given: AttributeValue, data: AttributeValue, toStore: AttributeValue): AttributeValue {
  if (equalOnceDecoded(given, data)) {
    return given;
  }
  if (given.M !== undefined && data.M !== undefined && toStore.M !== undefined) {
    return { M: fieldsWithoutUnchanged(given.M, data.M, toStore.M) };
  }
  if (given.L !== undefined && data.L !== undefined && toStore.L?.length === data.L.length) {
    return { L: elementsWithoutUnchanged(given.L, data.L, toStore.L) };
  }
  return toStore;
}

function fieldsWithoutUnchanged(given: Item, data: Item, toStore: Item): Item {
  const fields = { ...toStore };
  for (const name in data) {
    const before = ownField(given, name);
    const after = ownField(toStore, name);
    if (before !== undefined && (after !== undefined || equalOnceDecoded(before, data[name]))) {
      setField(fields, name, withoutUnchanged(before, data[name], after ?? before));
    }
  }
  return fields;
}

type Elements = readonly AttributeValue[];

function elementsWithoutUnchanged(given: Elements, data: Elements, toStore: Elements): AttributeValue[] {
  const matches = matchedElements(given, data);
  return toStore.map((element, index) => {
    const match = matches[index];
    return match === undefined ? element : withoutUnchanged(given[match], data[index], element);
  });
}
