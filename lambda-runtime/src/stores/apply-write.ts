import { hasNoValue, isLive, isSameLife, isSameVersion, numberAttribute, readNumber } from './session-row.js';
import type { SessionRow } from './session-row.js';
import type { Change, Creation, FieldChanges, NewExpiry, Regeneration, Touch } from './writes.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import { setField } from '../dynamodb/values/set-field.js';

// The conditional writes of a store as pure functions, for stores that can read and write in one atomic step.

/**
 * Returns the row to store for a creation, or `undefined` if its condition failed.
 *
 * @param current the row that the store has under this key now, if any
 *
 * @example
 * ```ts
 * import { applyCreation } from 'cdk-session-table/lambda-runtime/stores';
 * import type { Creation, SessionRow } from 'cdk-session-table/lambda-runtime/stores';
 *
 * // `create` of a store whose `rows` are read and written in one atomic step.
 * function create(rows: Map<string, SessionRow>, creation: Creation): boolean {
 *   const key = creation.row.key.S!;
 *   const row = applyCreation(rows.get(key), creation);
 *   if (row !== undefined) {
 *     rows.set(key, row);
 *   }
 *   return row !== undefined;
 * }
 * ```
 */
export function applyCreation(current: SessionRow | undefined, { row, replaces }: Creation): SessionRow | undefined {
  const mayBePut = current === undefined || (replaces !== undefined && isStill(current, replaces));
  return mayBePut ? row : undefined;
}

/**
 * Returns the row to store for a save, or `undefined` if its condition failed.
 *
 * @param current the row that the store has under this key now, if any
 *
 * @example
 * ```ts
 * import { applyChange } from 'cdk-session-table/lambda-runtime/stores';
 * import type { Change, SessionRow } from 'cdk-session-table/lambda-runtime/stores';
 *
 * // `save` of a store whose `rows` are read and written in one atomic step.
 * function save(rows: Map<string, SessionRow>, change: Change): boolean {
 *   const key = change.from.key.S!;
 *   const changed = applyChange(rows.get(key), change);
 *   if (changed !== undefined) {
 *     rows.set(key, changed);
 *   }
 *   return changed !== undefined;
 * }
 * ```
 */
export function applyChange(current: SessionRow | undefined, change: Change): SessionRow | undefined {
  return current !== undefined && mayBeWritten(current, change) && conditionHolds(current, change) ? changedRow(current, change) : undefined;
}

/** The row as a save makes it, whatever its condition. */
export function changedRow(current: SessionRow, change: Omit<Change, 'from' | 'condition'>): SessionRow {
  return {
    ...renewed(current, change.expiresAt),
    ...birth(current, change.now),
    access_counter: numberAttribute((readNumber(current.access_counter) ?? 0) + 1),
    ...(change.value !== undefined && { value: change.value }),
    ...(change.fields !== undefined && { value: changeFields(current.value!, change.fields) }),
    ...change.attributes,
    ...(change.writeLog !== undefined && { write_log: { S: change.writeLog } }),
  };
}

/**
 * Returns the row to store for a renewed expiry, or `undefined` if its condition failed.
 *
 * @param current the row that the store has under this key now, if any
 *
 * @example
 * ```ts
 * import { applyTouch } from 'cdk-session-table/lambda-runtime/stores';
 * import type { SessionRow, Touch } from 'cdk-session-table/lambda-runtime/stores';
 *
 * // `touch` of a store whose `rows` are read and written in one atomic step.
 * function touch(rows: Map<string, SessionRow>, renewal: Touch): boolean {
 *   const key = renewal.from.key.S!;
 *   const renewed = applyTouch(rows.get(key), renewal);
 *   if (renewed !== undefined) {
 *     rows.set(key, renewed);
 *   }
 *   return renewed !== undefined;
 * }
 * ```
 */
export function applyTouch(current: SessionRow | undefined, touch: Touch): SessionRow | undefined {
  return current !== undefined && mayBeWritten(current, touch)
    ? { ...renewed(current, touch.expiresAt), ...birth(current, touch.now), ...touch.attributes }
    : undefined;
}

/**
 * Returns whether a session may move to another key.
 *
 * @param current the row that the store has under the old key now, if any
 * @param target the row that the store has under the new key now, if any
 *
 * @example
 * ```ts
 * import { canRegenerate } from 'cdk-session-table/lambda-runtime/stores';
 * import type { Regeneration, SessionRow } from 'cdk-session-table/lambda-runtime/stores';
 *
 * // `regenerate` of a store whose `rows` are read and written in one atomic step.
 * function regenerate(rows: Map<string, SessionRow>, regeneration: Regeneration): boolean {
 *   const { from, row, forwardingRow } = regeneration;
 *   const can = canRegenerate(rows.get(from.key.S!), rows.get(row.key.S!), regeneration);
 *   if (can) {
 *     rows.set(row.key.S!, row).set(from.key.S!, forwardingRow);
 *   }
 *   return can;
 * }
 * ```
 */
export function canRegenerate(current: SessionRow | undefined, target: SessionRow | undefined, regeneration: Regeneration): boolean {
  return target === undefined && current !== undefined && mayBeWritten(current, regeneration) && isStillVersion(current, regeneration.from);
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

/** A session that ended in the meantime, or expired, is not recreated. */
function mayBeWritten(current: SessionRow, { from, now }: { readonly from: SessionRow; readonly now: number }): boolean {
  return isSameLife(current, from) && isLive(current, now);
}

function renewed(row: SessionRow, expiresAt: NewExpiry | undefined): SessionRow {
  if (expiresAt === 'never') {
    const { ttl: _, ...unlimited } = row;
    return unlimited;
  }
  return expiresAt === undefined ? row : { ...row, ttl: numberAttribute(expiresAt) };
}

/** What a row without `created_at` gets by its first write. */
function birth(row: SessionRow, now: number): Partial<SessionRow> {
  return row.created_at === undefined ? { created_at: numberAttribute(now), adopted: { BOOL: true } } : {};
}

function isStill(current: SessionRow, loaded: SessionRow): boolean {
  return isStillVersion(current, loaded) && equal(current.ttl, loaded.ttl);
}

/** Whether nobody has saved since, or given the row the creation time that it lacked. */
function isStillVersion(current: SessionRow, loaded: SessionRow): boolean {
  return equal(current.created_at, loaded.created_at) && isSameVersion(current, loaded);
}

function conditionHolds(current: SessionRow, { condition, from }: Change): boolean {
  switch (condition) {
    case 'any-value': return true;
    case 'no-value': return hasNoValue(current);
    case 'map': return current.value?.M !== undefined;
    case 'same-version': return isStillVersion(current, from);
  }
}
