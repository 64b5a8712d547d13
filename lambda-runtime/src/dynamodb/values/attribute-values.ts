import type { AttributeValue } from './attribute-value.js';
import { toBase64 } from './binary.js';
import { Encoder } from './encoder.js';
import { canonicalNumber, canonicalOnceDecoded, parseNumber } from './numbers.js';
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
 *   fields with an empty name or one of 64 KB, unpaired surrogates, invalid dates, objects such as a Map whose content is not in their
 *   fields; sets that are empty, or that hold anything but only strings, only numbers or only Uint8Arrays
 */
export function encode(data: unknown, path: string = 'data'): AttributeValue {
  return new Encoder(path).encode(data) ?? { NULL: true };
}

/**
 * The data that an attribute value stands for, a fresh structure each time.
 *
 * A number becomes a `number` if the shortest decimal of one says the same, else a `bigint` if it is an integer, else the
 * nearest `number`. DynamoDB has one type for both, so a `bigint` comes back as a `number` where that prints as the same
 * decimal: `5n` as `5`, `10n ** 23n` as `1e23`. `BigInt()` of the latter is another integer; store such integers as text.
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

/** How numbers are compared: by a text that is the same for numbers that count as equal. */
type NumberKey = (text: string) => string;

/**
 * Whether both stand for the same data, whatever the order of fields and of the members of sets, and however numbers are
 * written. An attribute that is not there equals only another that is not there.
 */
export function equal(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return areEqual(one, other, canonicalNumber);
}

/**
 * Whether both are the same once decoded. A number with more digits than JavaScript's has equals the one that `decode` makes
 * of it.
 */
export function equalOnceDecoded(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return areEqual(one, other, canonicalOnceDecoded);
}

function areEqual(one: AttributeValue | undefined, other: AttributeValue | undefined, keyOf: NumberKey): boolean {
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
    return other.N !== undefined && (one.N === other.N || keyOf(one.N) === keyOf(other.N));
  }
  if (one.M !== undefined) {
    return other.M !== undefined && equalMaps(one.M, other.M, keyOf);
  }
  if (one.L !== undefined) {
    return other.L !== undefined && equalLists(one.L, other.L, keyOf);
  }
  if (one.BOOL !== undefined) {
    return one.BOOL === other.BOOL;
  }
  if (one.B !== undefined) {
    return other.B !== undefined && Buffer.compare(one.B, other.B) === 0;
  }
  return one.NULL ? other.NULL === true : equalSets(one, other, keyOf);
}

function equalMaps(one: Readonly<Record<string, AttributeValue>>, other: Readonly<Record<string, AttributeValue>>, keyOf: NumberKey): boolean {
  let fields = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !areEqual(one[name], other[name], keyOf)) {
      return false;
    }
    fields++;
  }
  return fields === Object.keys(other).length;
}

function equalLists(one: readonly AttributeValue[], other: readonly AttributeValue[], keyOf: NumberKey): boolean {
  if (one.length !== other.length) {
    return false;
  }
  for (let index = 0; index < one.length; index++) {
    if (!areEqual(one[index], other[index], keyOf)) {
      return false;
    }
  }
  return true;
}

function equalSets(one: AttributeValue, other: AttributeValue, keyOf: NumberKey): boolean {
  return haveSameMembers(one.SS, other.SS)
    && haveSameMembers(one.NS?.map(keyOf), other.NS?.map(keyOf))
    && haveSameMembers(one.BS?.map(toBase64), other.BS?.map(toBase64));
}

function haveSameMembers(one: readonly string[] = [], other: readonly string[] = []): boolean {
  const members = new Set(one);
  const others = new Set(other);
  return members.size === others.size && [...others].every((member) => members.has(member));
}
