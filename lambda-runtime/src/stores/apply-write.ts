import { hasNoValue, isSameLife, isSameVersion, numberAttribute, readNumber } from './session-row.js';
import type { Change, Creation, FieldChanges, Regeneration, SessionRow, Touch } from './store.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import { setField } from '../dynamodb/values/set-field.js';

// The conditional writes of a store as pure functions, for stores that can read and write in one atomic step.

/**
 * Returns the row to store for a creation, or `undefined` if its condition failed.
 *
 * @param current the row that the store has under this key now, if any
 */
export function applyCreation(current: SessionRow | undefined, { row, replaces }: Creation): SessionRow | undefined {
  const mayBePut = current === undefined || (replaces !== undefined && isStill(current, replaces));
  return mayBePut ? row : undefined;
}

/**
 * Returns the row to store for a save, or `undefined` if its condition failed.
 *
 * @param current the row that the store has under this key now, if any
 */
export function applyChange(current: SessionRow | undefined, change: Change): SessionRow | undefined {
  if (current === undefined || !isSameLife(current, change.from) || !conditionHolds(current, change)) {
    return undefined;
  }
  return {
    ...current,
    created_at: current.created_at ?? numberAttribute(change.now),
    access_counter: numberAttribute((readNumber(current.access_counter) ?? 0) + 1),
    ...(change.value !== undefined && { value: change.value }),
    ...(change.fields !== undefined && { value: changeFields(current.value!, change.fields) }),
    ...change.attributes,
    ...(change.expiresAt !== undefined && { ttl: numberAttribute(change.expiresAt) }),
    ...(change.writeLog !== undefined && { write_log: { S: change.writeLog } }),
  };
}

/**
 * Returns the row to store for a renewed expiry, or `undefined` if its condition failed.
 *
 * @param current the row that the store has under this key now, if any
 */
export function applyTouch(current: SessionRow | undefined, touch: Touch): SessionRow | undefined {
  if (current === undefined || !isSameLife(current, touch.from)) {
    return undefined;
  }
  const expiresAt = readNumber(current.ttl);
  const isLive = expiresAt === undefined || expiresAt > touch.now;
  return isLive ? { ...current, ttl: numberAttribute(touch.expiresAt) } : undefined;
}

/**
 * Returns whether a session may move to another key.
 *
 * @param current the row that the store has under the old key now, if any
 * @param target the row that the store has under the new key now, if any
 */
export function canRegenerate(current: SessionRow | undefined, target: SessionRow | undefined, { from }: Regeneration): boolean {
  return target === undefined && current !== undefined && isSameLife(current, from) && isSameVersion(current, from);
}

/** The map with these fields set and removed. */
export function changeFields(map: AttributeValue, { set, remove }: FieldChanges): AttributeValue {
  const removed = new Set(remove);
  const fields: Record<string, AttributeValue> = {};
  for (const name in map.M) {
    if (!removed.has(name)) {
      setField(fields, name, map.M[name]);
    }
  }
  for (const name in set) {
    setField(fields, name, set[name]);
  }
  return { M: fields };
}

function isStill(current: SessionRow, loaded: SessionRow): boolean {
  return isSameLife(current, loaded) && isSameVersion(current, loaded) && equal(current.ttl, loaded.ttl);
}

function conditionHolds(current: SessionRow, { condition, from }: Change): boolean {
  switch (condition) {
    case 'any-value': return true;
    case 'no-value': return hasNoValue(current);
    case 'map': return current.value?.M !== undefined;
    case 'same-version': return isSameVersion(current, from);
  }
}
