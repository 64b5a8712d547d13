import type { AttributeValue } from './attribute-value.js';
import { canonicalNumber, formatNumber } from './numbers.js';
import { setField } from './set-field.js';
import { SessionDataError } from '../../errors.js';
import { types } from '../../platform/node-modules.js';
import { isText } from '../../platform/text.js';

/** DynamoDB allows 32 levels in an item, and the attribute that holds the data is one of them. */
const MAX_LEVELS = 31;

/**
 * DynamoDB's names are shorter than 64 KB, in UTF-8.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
const MAX_NAME_BYTES = 65_535;

/** How much of a longer name an error shows, in characters. */
const SHOWN_OF_NAME = 64;

type Key = string | number;

/**
 * One run of `encode`. It keeps the path to the current value as two stacks, so that naming it in an error costs nothing
 * until there is one.
 */
export class Encoder {
  private readonly containers: object[] = [];
  private readonly keys: Key[] = [];

  constructor(private readonly rootPath: string) {}

  /** Undefined stands for nothing: what happens to it depends on what it is in. */
  encode(value: unknown, key: Key = ''): AttributeValue | undefined {
    return this.encodeJson(typeof value === 'object' && value !== null ? this.applyToJson(value, key) : value);
  }

  private applyToJson(value: object, key: Key): unknown {
    const { toJSON } = value as { toJSON?: unknown };
    // A Buffer has a toJSON, but binary values are held as they are.
    if (typeof toJSON !== 'function' || types.isUint8Array(value) || types.isSet(value)) {
      return value;
    }
    if (types.isDate(value) && Number.isNaN(value.getTime())) {
      throw this.error('it is an invalid date');
    }
    return toJSON.call(value, String(key));
  }

  private encodeJson(value: unknown): AttributeValue | undefined {
    switch (typeof value) {
      case 'string':
        return { S: this.checkString(value) };
      case 'number':
      case 'bigint':
        return { N: this.formatNumber(value) };
      case 'boolean':
        return { BOOL: value };
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? { NULL: true } : this.encodeObject(value);
      default:
        throw this.error(`DynamoDB cannot hold a ${typeof value}`);
    }
  }

  private encodeObject(value: object): AttributeValue | undefined {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return this.encodeMap(value as Record<string, unknown>);
    }
    return Array.isArray(value) ? this.encodeList(value) : this.encodeInstance(value);
  }

  private encodeInstance(value: object): AttributeValue | undefined {
    if (types.isUint8Array(value)) {
      return { B: new Uint8Array(value) };
    }
    if (types.isSet(value)) {
      return this.encodeSet([...value]);
    }
    if (types.isBoxedPrimitive(value)) {
      return this.encodeJson(value.valueOf());
    }
    const type = Object.prototype.toString.call(value).slice('[object '.length, -1);
    if (type !== 'Object') {
      throw this.error(`the content of this type (${type}) is not in its fields; store an object, an array or a Set of what it holds`);
    }
    return this.encodeMap(value as Record<string, unknown>);
  }

  private encodeMap(value: Record<string, unknown>): AttributeValue {
    this.enter(value);
    const level = this.containers.length - 1;
    const M: Record<string, AttributeValue> = {};
    for (const name of Object.keys(value)) {
      this.keys[level] = name;
      const field = this.encode(value[name], name);
      if (field !== undefined) {
        setField(M, this.checkName(name), field);
      }
    }
    this.containers.pop();
    return { M };
  }

  private encodeList(value: readonly unknown[]): AttributeValue {
    this.enter(value);
    const level = this.containers.length - 1;
    const L: AttributeValue[] = [];
    for (let index = 0; index < value.length; index++) {
      this.keys[level] = index;
      L.push(this.encode(value[index], index) ?? { NULL: true });
    }
    this.containers.pop();
    return { L };
  }

  private encodeSet(members: readonly unknown[]): AttributeValue {
    if (members.length === 0) {
      throw this.error('DynamoDB cannot hold an empty set');
    }
    if (members.every((member) => typeof member === 'string')) {
      return { SS: members.map((member) => this.checkString(member)) };
    }
    if (members.every((member) => typeof member === 'number' || typeof member === 'bigint')) {
      const NS = members.map((member) => this.formatNumber(member));
      this.checkUnique(NS.map(canonicalNumber));
      return { NS };
    }
    if (members.every(types.isUint8Array)) {
      this.checkUnique(members.map((member) => Buffer.from(member).toString('base64')));
      return { BS: members.map((member) => new Uint8Array(member)) };
    }
    throw this.error('a set can hold only strings, only numbers or only Uint8Arrays');
  }

  private enter(container: object): void {
    const ancestor = this.containers.indexOf(container);
    if (ancestor !== -1) {
      throw this.error(`it contains itself: it is ${this.pathTo(ancestor)} again`);
    }
    if (this.containers.length === MAX_LEVELS) {
      throw this.error(`DynamoDB cannot hold more than ${MAX_LEVELS} levels of arrays and objects`);
    }
    this.containers.push(container);
  }

  private checkName(name: string): string {
    if (name === '') {
      throw this.error('DynamoDB cannot hold a field with an empty name');
    }
    if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) {
      throw this.error(`the name of the field is longer than DynamoDB allows (${MAX_NAME_BYTES} bytes)`);
    }
    return this.checkString(name);
  }

  /** DynamoDB's strings are UTF-8, in which an unpaired surrogate would come back as U+FFFD. */
  private checkString(text: string): string {
    if (!isText(text)) {
      throw this.error('it has an unpaired surrogate, which UTF-8 cannot hold');
    }
    return text;
  }

  private checkUnique(members: readonly string[]): void {
    if (new Set(members).size < members.length) {
      throw this.error('the set holds the same value twice');
    }
  }

  private formatNumber(value: number | bigint): string {
    const text = formatNumber(value);
    if (text === undefined) {
      const what = typeof value === 'number' ? value : `an integer of ${String(value).replace('-', '').length} digits`;
      throw this.error(`${what} is not a number that DynamoDB can hold (38 digits, magnitudes from 1e-130 to below 1e126)`);
    }
    return text;
  }

  private error(reason: string): SessionDataError {
    return new SessionDataError(`${this.pathTo(this.containers.length)} cannot be stored: ${reason}`);
  }

  private pathTo(level: number): string {
    return this.rootPath + this.keys.slice(0, level).map(formatKey).join('');
  }
}

function formatKey(key: Key): string {
  if (typeof key === 'number') {
    return `[${key}]`;
  }
  if (key.length > SHOWN_OF_NAME) {
    return `[${JSON.stringify(key.slice(0, SHOWN_OF_NAME))}…]`;
  }
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
