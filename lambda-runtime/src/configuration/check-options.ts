import { SessionOptionsError } from '../errors.js';
import type { SessionOptions } from './session-options.js';
import { checkOptionNames } from '../platform/option-names.js';

type Check = (name: string, value: any) => void;

const CHECKS: Readonly<Record<keyof SessionOptions, Check>> = {
  idKeyName: anything, // checked by the header transport
  update: isBoolean,
  ttl: isSeconds,
  absoluteTimeout: isSeconds,
  touchAfter: isSeconds,
  rolling: isBoolean,
  store: withMethod('get', 'a session store, with get() and the other methods'),
  client: withMethod('getItem', 'a client of DynamoDB with getItem(), such as new DynamoDB()'),
  consistentRead: isBoolean,
  clientIds: isOneOf('accept', 'reject'),
  saveUninitialized: isBoolean,
  transport: isObject,
  sessionId: isFunction,
  hashIds: isBoolean,
  preventCaching: isBoolean,
  pepper: anything, // checked where it is resolved
  schema: isStandardSchema,
  onInvalid: isOneOf('throw', 'new'),
  onIgnoredChange: isOneOf('warn', 'throw'),
};

/** @throws SessionOptionsError for an option that cannot work, alone or beside the others */
export function checkOptions(options: SessionOptions): void {
  checkOptionNames(options, Object.keys(CHECKS) as (keyof SessionOptions)[]);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) {
      CHECKS[name as keyof SessionOptions](name, value);
    }
  }
  const { update, onIgnoredChange, idKeyName, transport, clientIds, pepper, hashIds, onInvalid, schema, store, client } = options;
  const { touchAfter, ttl = 0 } = options;
  refuseIf(
    store !== undefined && client !== undefined,
    'store and client exclude each other: give the client to the store, as in new DynamoDBStore({ tableName, client })',
  );
  refuseIf(idKeyName !== undefined && transport !== undefined, 'idKeyName and transport exclude each other: pass headerTransport({ name }) instead');
  refuseIf(
    clientIds === 'accept' && transport?.adoptsUnknownIds === false,
    'clientIds: \'accept\' is not allowed with cookies: it would permit session fixation',
  );
  refuseIf(pepper !== undefined && !hashIds, 'pepper needs hashIds: true');
  refuseIf(onIgnoredChange !== undefined && update === true, 'onIgnoredChange needs update: false; with update: true every change is saved');
  refuseIf(onInvalid !== undefined && schema === undefined, 'onInvalid needs a schema');
  refuseIf(
    touchAfter !== undefined && touchAfter >= Math.max(ttl, 1),
    `touchAfter must be less than ttl: got ${touchAfter} with a ttl of ${ttl}, and no session would be renewed`,
  );
  refuseIf(touchAfter !== undefined && !update, `touchAfter needs update: true: ${NOT_RENEWED}`);
  refuseIf(options.rolling === true && !update, `rolling: true needs update: true: ${NOT_RENEWED}; currentSession().touch() renews one`);
  checkMaxAge(options, transport?.maxAge);
}

const NOT_RENEWED = 'without it no unchanged session is renewed';

/** A cookie must not end before its session does, as long as the session is used. */
function checkMaxAge({ ttl = 0, touchAfter = 0, update = false, rolling = true }: SessionOptions, maxAge: number | undefined): void {
  if (maxAge === undefined) {
    return;
  }
  refuseIf(ttl === 0, `the cookie's maxAge needs a ttl: the cookie would end after ${maxAge} s, and the session never`);
  refuseIf(touchAfter >= maxAge, `touchAfter must be less than the cookie's maxAge: got ${touchAfter} with a maxAge of ${maxAge}, and the cookie would end unrenewed`);
  refuseIf(
    maxAge < ttl && !(update && rolling),
    `the cookie's maxAge must not be less than ttl where sessions are not renewed (update: false, rolling: false): got ${maxAge} with a ttl of ${ttl}`,
  );
}

function anything(): void {}

function isBoolean(name: string, value: unknown): void {
  refuseIf(typeof value !== 'boolean', `${name} must be true or false, got ${show(value)}`);
}

function isSeconds(name: string, value: unknown): void {
  refuseIf(!Number.isSafeInteger(value) || (value as number) < 0, `${name} must be a whole number of seconds, got ${show(value)}`);
}

function isObject(name: string, value: unknown): void {
  refuseIf(typeof value !== 'object' || value === null, `${name} must be an object, got ${show(value)}`);
}

/** Is what it must be, as far as one of its methods shows: a promise of it is not, nor is a client of the SDK that has only `send`. */
function withMethod(method: string, what: string): Check {
  return (name, value) => refuseIf(typeof value?.[method] !== 'function', `${name} must be ${what}, got ${show(value)}`);
}

function isFunction(name: string, value: unknown): void {
  refuseIf(typeof value !== 'function', `${name} must be a function, got ${show(value)}`);
}

function isOneOf(...words: string[]): Check {
  return (name, value) => refuseIf(!words.includes(value), `${name} must be ${words.map(show).join(' or ')}, got ${show(value)}`);
}

function isStandardSchema(name: string, value: any): void {
  refuseIf(typeof value?.['~standard']?.validate !== 'function', `${name} must follow Standard Schema, as those of zod, valibot and arktype do`);
}

function refuseIf(isWrong: boolean, message: string): void {
  if (isWrong) {
    throw new SessionOptionsError(message);
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
