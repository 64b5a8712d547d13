import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { encode } from '../dynamodb/values/attribute-values.js';
import { fitsDynamoDB, isExactNumber } from '../dynamodb/values/numbers.js';

/** An object with one field of such a name stands for what JSON cannot hold; one `$` more, and it is the user's own. */
const TAG = /^\$+(number|bytes|set)$/;

type JsonObject = Record<string, unknown>;

/**
 * An attribute value as readable JSON: what JSON can hold is itself, and the rest is tagged.
 *
 * - `{ "$number": "9007199254740993" }`: a number that a JSON parser would round
 * - `{ "$bytes": "aGVsbG8=" }`: a binary value, as base64
 * - `{ "$set": ["a", "b"] }`: a set of strings, of numbers or of binary values
 */
export function toPlainJson(value: AttributeValue): unknown {
  if (value.S !== undefined) {
    return value.S;
  }
  if (value.N !== undefined) {
    return numberToJson(value.N);
  }
  if (value.M !== undefined) {
    return mapToJson(value.M);
  }
  if (value.L !== undefined) {
    return value.L.map(toPlainJson);
  }
  if (value.BOOL !== undefined) {
    return value.BOOL;
  }
  if (value.B !== undefined) {
    return bytesToJson(value.B);
  }
  return value.NULL ? null : { $set: value.SS ?? value.NS?.map(numberToJson) ?? value.BS?.map(bytesToJson) };
}

/**
 * The attribute value that `toPlainJson` made such JSON of, also when it was written manually.
 *
 * @throws TypeError if a tagged object does not hold what its tag says
 * @throws SessionDataError if it holds something that DynamoDB cannot hold
 */
export function fromPlainJson(json: unknown): AttributeValue {
  if (Array.isArray(json)) {
    return { L: json.map(fromPlainJson) };
  }
  return typeof json === 'object' && json !== null ? objectFromJson(json as JsonObject) : encode(json);
}

/** The attributes of an item as `toPlainJson` makes them. */
export function attributesToJson(attributes: Readonly<Record<string, AttributeValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toPlainJson(value!)]));
}

/** @throws TypeError, SessionDataError as `fromPlainJson`, and if it is no object of attributes */
export function attributesFromJson(json: unknown): Record<string, AttributeValue> {
  return mapFields(objectIn(json, 'it is not an object of attributes such as { "value": … }'), fromPlainJson);
}

/** @throws TypeError with the given message if the JSON is not an object */
export function objectIn(json: unknown, messageIfNot: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TypeError(messageIfNot);
  }
  return json as JsonObject;
}

function numberToJson(text: string): unknown {
  return isExactNumber(text) ? Number(text) : { $number: text };
}

function bytesToJson(bytes: Uint8Array): unknown {
  return { $bytes: Buffer.from(bytes).toString('base64') };
}

function mapToJson(map: Readonly<Record<string, AttributeValue>>): JsonObject {
  const tag = tagOf(map);
  return tag === undefined ? mapFields(map, toPlainJson) : { [`$${tag}`]: toPlainJson(map[tag]) };
}

function objectFromJson(json: JsonObject): AttributeValue {
  const tag = tagOf(json);
  switch (tag) {
    case undefined:
      return { M: mapFields(json, fromPlainJson) };
    case '$number':
      return { N: numberFromJson(json.$number) };
    case '$bytes':
      return { B: bytesFromJson(json.$bytes) };
    case '$set':
      return setFromJson(json.$set);
    default:
      return { M: { [tag.slice(1)]: fromPlainJson(json[tag]) } };
  }
}

function tagOf(fields: object): string | undefined {
  const names = Object.keys(fields);
  return names.length === 1 && TAG.test(names[0]) ? names[0] : undefined;
}

function mapFields<From, To>(fields: Readonly<Record<string, From>>, convert: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, convert(value)]));
}

function numberFromJson(text: unknown): string {
  if (typeof text !== 'string' || !fitsDynamoDB(text)) {
    throw new TypeError(`$number must be a text with a decimal number that DynamoDB can hold, got ${JSON.stringify(text)}`);
  }
  return text;
}

function bytesFromJson(text: unknown): Uint8Array {
  const bytes = typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
  if (bytes === undefined || Buffer.from(bytes).toString('base64') !== text) {
    throw new TypeError(`$bytes must be a text in base64, got ${JSON.stringify(text)}`);
  }
  return bytes;
}

function setFromJson(json: unknown): AttributeValue {
  const members = Array.isArray(json) ? json.map(fromPlainJson) : [];
  const [first] = members;
  if (first?.S !== undefined && members.every(({ S }) => S !== undefined)) {
    return { SS: members.map(({ S }) => S!) };
  }
  if (first?.N !== undefined && members.every(({ N }) => N !== undefined)) {
    return { NS: members.map(({ N }) => N!) };
  }
  if (first?.B !== undefined && members.every(({ B }) => B !== undefined)) {
    return { BS: members.map(({ B }) => B!) };
  }
  throw new TypeError(`$set must be an array that holds only texts, only numbers or only $bytes, got ${JSON.stringify(json)}`);
}
