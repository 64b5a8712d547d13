import { changedFields, isUnchanged, rebaseChanged } from './rebase.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { changeFields } from '../stores/apply-write.js';
import { hasNoValue } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { Change, FieldChanges } from '../stores/writes.js';

/** More fields are not written one by one: DynamoDB limits the length and the operands of an expression. */
export const MOST_FIELDS = 100;

/** What a handler changed. */
export interface Changes {
  /** The data as a whole: as it was loaded, with the changes applied. */
  readonly value: AttributeValue;
  /** The fields that were changed, if the data is an object and was one before, or nothing. */
  readonly fields?: FieldChanges;
}

/**
 * The changes that lead from what the handler was given to what it left; `undefined` if there are none.
 *
 * @param loaded the data as it is in the row
 * @param given what the handler was given: `loaded` itself or, if there is a schema, what the schema made of it
 * @param left what the handler made of that
 * @param toStore what the store gets for it: `left` itself or, if there is a schema, what the schema made of it
 */
export function changesBetween(loaded: AttributeValue, given: AttributeValue, left: AttributeValue, toStore = left): Changes | undefined {
  if (loaded.M !== undefined && given.M !== undefined && toStore.M !== undefined) {
    const fields = changedFields(loaded.M, given.M, left.M ?? toStore.M, toStore.M);
    const hasChanged = fields.remove.length > 0 || Object.keys(fields.set).length > 0;
    return hasChanged ? { value: changeFields(loaded, fields), fields } : undefined;
  }
  if (isUnchanged(given, left, toStore)) {
    return undefined;
  }
  const isFirst = loaded.NULL && toStore.M !== undefined;
  return { value: rebaseChanged(loaded, given, left, toStore), ...(isFirst && { fields: { set: toStore.M, remove: [] } }) };
}

/** The data as a whole with the changes applied to what is there by now. */
export function applyChanges({ value, fields }: Changes, current: AttributeValue): AttributeValue {
  return fields !== undefined && current.M !== undefined ? changeFields(current, fields) : value;
}

type DataChange = Pick<Change, 'from' | 'condition' | 'value' | 'fields'>;

/**
 * The write that brings the changes into the row as it is now, and leaves alone what other invocations put there meanwhile:
 * only the changed fields of an object are written.
 */
export function chooseChange({ value, fields }: Changes, current: SessionRow): DataChange {
  if (fields === undefined) {
    return { from: current, condition: 'any-value', value };
  }
  if (hasNoValue(current)) {
    return { from: current, condition: 'no-value', value };
  }
  if (current.value?.M === undefined) {
    return { from: current, condition: 'any-value', value };
  }
  return Object.keys(fields.set).length + fields.remove.length <= MOST_FIELDS
    ? { from: current, condition: 'map', fields }
    : { from: current, condition: 'same-version', value: changeFields(current.value, fields) };
}
