import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import { setField } from '../dynamodb/values/set-field.js';
import { changeFields } from '../stores/apply-write.js';
import { hasNoValue } from '../stores/session-row.js';
import type { Change, FieldChanges, SessionRow } from '../stores/store.js';

/** More fields are not written one by one: DynamoDB limits the length and the operands of an expression. */
export const MOST_FIELDS = 100;

type DataChange = Pick<Change, 'from' | 'condition' | 'value' | 'fields'>;

/**
 * The write that brings data changed from `loaded` to `data` into the row as it is now, and leaves alone what other
 * invocations put there meanwhile: of a map only the changed fields are written.
 */
export function chooseChange(loaded: AttributeValue, data: AttributeValue, current: SessionRow): DataChange {
  const loadedFields = loaded.NULL ? {} : loaded.M;
  if (data.M === undefined || loadedFields === undefined) {
    return { from: current, condition: 'any-value', value: data };
  }
  if (loaded.NULL && hasNoValue(current)) {
    return { from: current, condition: 'no-value', value: data };
  }
  if (current.value?.M === undefined) {
    return { from: current, condition: 'any-value', value: data };
  }
  const fields = changedFields(loadedFields, data.M);
  const count = Object.keys(fields.set).length + fields.remove.length;
  return count <= MOST_FIELDS
    ? { from: current, condition: 'map', fields }
    : { from: current, condition: 'same-version', value: changeFields(current.value, fields) };
}

/** The data as a whole: changed from `loaded` to `data`, and brought onto what is there by now. */
export function mergeData(loaded: AttributeValue, data: AttributeValue, current: AttributeValue): AttributeValue {
  if (current === loaded) {
    return data;
  }
  if (equal(loaded, data)) {
    return current;
  }
  const loadedFields = loaded.NULL ? {} : loaded.M;
  return data.M !== undefined && loadedFields !== undefined && current.M !== undefined
    ? changeFields(current, changedFields(loadedFields, data.M))
    : data;
}

function changedFields(loaded: Record<string, AttributeValue>, data: Record<string, AttributeValue>): FieldChanges {
  const set: Record<string, AttributeValue> = {};
  for (const name in data) {
    if (!Object.hasOwn(loaded, name) || !equal(loaded[name], data[name])) {
      setField(set, name, data[name]);
    }
  }
  return { set, remove: Object.keys(loaded).filter((name) => !Object.hasOwn(data, name)) };
}
