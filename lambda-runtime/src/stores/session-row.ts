import type { SessionRow } from './store.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';

/** A number in DynamoDB's notation. */
export function numberAttribute(value: number): AttributeValue {
  return { N: String(value) };
}

/** The number that an attribute holds, if it holds one. */
export function readNumber(attribute: AttributeValue | undefined): number | undefined {
  return attribute?.N === undefined ? undefined : Number(attribute.N);
}

/** Whether no data was ever set. */
export function hasNoValue(row: SessionRow): boolean {
  return row.value === undefined || row.value.NULL === true;
}

/** Whether both are rows of one life of a session: a session that was deleted and made anew lives another. */
export function isSameLife(one: SessionRow, other: SessionRow): boolean {
  return equal(one.created_at, other.created_at);
}

/** Whether nobody saved between the two. */
export function isSameVersion(one: SessionRow, other: SessionRow): boolean {
  return equal(one.access_counter, other.access_counter);
}
