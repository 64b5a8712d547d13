import type { AttributeValue, Item } from './dynamodb-client.js';
import { parseDecimal } from './numbers.js';

/** How large DynamoDB allows an item to be, in bytes. */
export const MAX_ITEM_SIZE = 400 * 1024;

/**
 * The size of an item in bytes, as DynamoDB counts it towards its limit.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  return Object.keys(item).reduce((size, name) => size + Buffer.byteLength(name) + valueSize(item[name]), 0);
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) {
    return Buffer.byteLength(value.S);
  }
  if (value.N !== undefined) {
    return numberSize(value.N);
  }
  if (value.M !== undefined) {
    return 3 + Object.keys(value.M).length + itemSize(value.M);
  }
  if (value.L !== undefined) {
    return value.L.reduce((size, element) => size + 1 + valueSize(element), 3);
  }
  if (value.B !== undefined) {
    return value.B.length;
  }
  if (value.NULL !== undefined || value.BOOL !== undefined) {
    return 1;
  }
  return sum(value.SS, Buffer.byteLength) + sum(value.NS, numberSize) + sum(value.BS, (bytes) => bytes.length);
}

/** One byte for each two digits, paired from the decimal point on, without zeros at either end; one for the exponent, one for a minus sign. */
function numberSize(text: string): number {
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === '') {
    return 1;
  }
  const pairs = Math.floor((digits.length + exponent - 1) / 2) - Math.floor(exponent / 2) + 1;
  return pairs + (negative ? 2 : 1);
}

function sum<T>(members: readonly T[] = [], size: (member: T) => number): number {
  return members.reduce((total, member) => total + size(member), 0);
}
