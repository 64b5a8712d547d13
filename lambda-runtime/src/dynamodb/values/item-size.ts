import type { AttributeValue, Item } from './attribute-value.js';
import { parseDecimal } from './numbers.js';

/** How large DynamoDB allows an item to be, in bytes. */
export const MAX_ITEM_SIZE = 400 * 1024;

/** How many bytes a text and a number take. */
interface Measure {
  readonly text: (text: string) => number;
  readonly number: (text: string) => number;
}

const EXACT: Measure = { text: Buffer.byteLength, number: numberSize };

/** UTF-8 takes at most three bytes for a UTF-16 code unit, and a number less than a byte for a character, but for its exponent. */
const AT_MOST: Measure = { text: (text) => 3 * text.length, number: (text) => text.length + 1 };

/**
 * The size of an item in bytes, as DynamoDB counts it towards its limit.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  return mapSize(item, EXACT);
}

/** Whether DynamoDB takes an item of this size; recognises small ones at a tenth of the cost of their exact size. */
export function fitsItem(item: Item): boolean {
  return mapSize(item, AT_MOST) <= MAX_ITEM_SIZE || itemSize(item) <= MAX_ITEM_SIZE;
}

function mapSize(map: Item, measure: Measure): number {
  let size = 0;
  for (const name in map) {
    size += measure.text(name) + valueSize(map[name], measure);
  }
  return size;
}

function valueSize(value: AttributeValue, measure: Measure): number {
  if (value.S !== undefined) {
    return measure.text(value.S);
  }
  if (value.N !== undefined) {
    return measure.number(value.N);
  }
  if (value.M !== undefined) {
    return 3 + Object.keys(value.M).length + mapSize(value.M, measure);
  }
  if (value.L !== undefined) {
    return 3 + value.L.length + sum(value.L, (element) => valueSize(element, measure));
  }
  if (value.B !== undefined) {
    return value.B.length;
  }
  if (value.NULL !== undefined || value.BOOL !== undefined) {
    return 1;
  }
  return sum(value.SS, measure.text) + sum(value.NS, measure.number) + sum(value.BS, (bytes) => bytes.length);
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
  let total = 0;
  for (const member of members) {
    total += size(member);
  }
  return total;
}
