import type { AttributeValue } from './attribute-value.js';
import { Encoder } from './encoder.js';
import { canonicalNumber, parseNumber } from './numbers.js';
import { setField } from './set-field.js';

/**
 * Session data in DynamoDB's notation: what JSON can hold as JSON holds it, and beyond it bigint, Uint8Array and Set.
 *
 * As in JSON, `toJSON` is called (so that a Date goes as its ISO string), `undefined` is left out of objects and is null in
 * arrays, of a class instance its own enumerable fields are taken, and -0 is 0. What JSON would lose is an error instead.
 *
 * @param path what the data is called in the message of an error
 * @throws SessionDataError if it holds something that DynamoDB cannot hold: NaN, infinities, magnitudes from 1e126 on or
 *   below 1e-130, integers of more than 38 digits, functions, symbols, cycles, more than 31 levels of arrays and objects,
 *   fields with an empty name, unpaired surrogates, invalid dates, objects such as a Map whose content is not in their
 *   fields; sets that are empty, or that hold anything but only strings, only numbers or only Uint8Arrays
 */
export function encode(data: unknown, path: string = 'data'): AttributeValue {
  return new Encoder(path).encode(data) ?? { NULL: true };
}

/**
 * The data that an attribute value stands for, a fresh structure each time.
 *
 * A number is a `number` if the shortest decimal of one says the same, a `bigint` if it is an integer beyond that, else the
 * nearest `number`.
 */
export function decode(value: AttributeValue): unknown {
  if (value.S !== undefined) {
    return value.S;
  }
  if (value.N !== undefined) {
    return parseNumber(value.N);
  }
  if (value.M !== undefined) {
    return decodeMap(value.M);
  }
  if (value.L !== undefined) {
    return value.L.map(decode);
  }
  if (value.BOOL !== undefined) {
    return value.BOOL;
  }
  if (value.B !== undefined) {
    return new Uint8Array(value.B);
  }
  return value.NULL ? null : decodeSet(value);
}

function decodeMap(map: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(map)) {
    setField(fields, name, decode(map[name]));
  }
  return fields;
}

function decodeSet({ SS, NS, BS }: AttributeValue): Set<unknown> {
  return new Set<unknown>(SS ?? NS?.map(parseNumber) ?? BS?.map((bytes) => new Uint8Array(bytes)));
}

/**
 * Whether both stand for the same data, whatever the order of fields and of the members of sets, and however numbers are
 * written. An attribute that is not there equals only another that is not there.
 */
export function equal(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (one === other) {
    return true;
  }
  if (one === undefined || other === undefined) {
    return false;
  }
  if (one.S !== undefined) {
    return one.S === other.S;
  }
  if (one.N !== undefined) {
    return other.N !== undefined && equalNumbers(one.N, other.N);
  }
  if (one.M !== undefined) {
    return other.M !== undefined && equalMaps(one.M, other.M);
  }
  if (one.L !== undefined) {
    return other.L !== undefined && equalLists(one.L, other.L);
  }
  if (one.BOOL !== undefined) {
    return one.BOOL === other.BOOL;
  }
  if (one.B !== undefined) {
    return other.B !== undefined && Buffer.compare(one.B, other.B) === 0;
  }
  return one.NULL ? other.NULL === true : equalSets(one, other);
}

function equalNumbers(one: string, other: string): boolean {
  return one === other || canonicalNumber(one) === canonicalNumber(other);
}

function equalMaps(one: Readonly<Record<string, AttributeValue>>, other: Readonly<Record<string, AttributeValue>>): boolean {
  let fields = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !equal(one[name], other[name])) {
      return false;
    }
    fields++;
  }
  return fields === Object.keys(other).length;
}

function equalLists(one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean {
  if (one.length !== other.length) {
    return false;
  }
  for (let index = 0; index < one.length; index++) {
    if (!equal(one[index], other[index])) {
      return false;
    }
  }
  return true;
}

function equalSets(one: AttributeValue, other: AttributeValue): boolean {
  return haveSameMembers(one.SS, other.SS)
    && haveSameMembers(one.NS?.map(canonicalNumber), other.NS?.map(canonicalNumber))
    && haveSameMembers(one.BS?.map(toBase64), other.BS?.map(toBase64));
}

function haveSameMembers(one: readonly string[] = [], other: readonly string[] = []): boolean {
  const members = new Set(one);
  return one.length === other.length && other.every((member) => members.has(member));
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
