import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { decode, encode } from '../dynamodb/values/attribute-values.js';
import { isDecoded } from '../dynamodb/values/is-decoded.js';
import { SessionDataError } from '../errors.js';
import { types } from '../platform/node-modules.js';

/**
 * A schema of any library that follows Standard Schema; the part of it that is used here.
 *
 * Its output must be valid input again, because that is what is saved and loaded the next time: defaults, coercions and
 * stripped fields are fine, a transformation into another type is not. What a schema strips stays in the store, and what it
 * fills in is saved only with a change of the handler's. Give defaults as functions where they are instances of classes:
 * objects, arrays, dates, sets and bytes are copied for every session; class instances cannot be, and the same one a second time
 * is a `SessionDataError` unless it is frozen with all that is in it.
 *
 * @example
 * ```ts
 * import type { SessionOptions, StandardSchema } from 'cdk-session-table/lambda-runtime';
 *
 * // Zod, Valibot and ArkType make such schemas; this is one without them.
 * const count: StandardSchema<number> = {
 *   '~standard': { validate: (value) => (typeof value === 'number' ? { value } : { issues: [{ message: 'not a number' }] }) },
 * };
 * const options: SessionOptions = { schema: count, update: true, ttl: 15 * 60 };
 * ```
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<TOutput = unknown> {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult<TOutput> | Promise<SchemaResult<TOutput>>;
    readonly types?: { readonly output: TOutput } | undefined;
  };
}

/**
 * What a schema makes of a value: the value as it is loaded, or what is wrong with it.
 *
 * @example
 * ```ts
 * import type { SchemaResult } from 'cdk-session-table/lambda-runtime';
 *
 * function firstProblem(result: SchemaResult<unknown>): string | undefined {
 *   return result.issues?.[0]?.message;
 * }
 * ```
 */
export type SchemaResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string; readonly path?: ReadonlyArray<PathSegment> | undefined }> };

type PathSegment = PropertyKey | { readonly key: PropertyKey };

/**
 * The data of a session: `T` itself, or what comes out of it if it is a schema, as in `getSessionData<typeof cart>()`.
 *
 * @example
 * ```ts
 * import type { SessionDataOf, StandardSchema } from 'cdk-session-table/lambda-runtime';
 *
 * declare const cart: StandardSchema<{ items: string[] }>;
 * const empty: SessionDataOf<typeof cart> = { items: [] };
 * ```
 */
export type SessionDataOf<T> = T extends StandardSchema<infer TOutput> ? TOutput : T;

/**
 * What the schema makes of the data.
 *
 * @throws SessionDataError naming the paths that the schema refuses. The schema's own messages are in its `cause`, as some
 *   libraries quote the data in them
 */
export function validated(schema: StandardSchema, data: unknown, problem = 'the session data does not fit its schema'): unknown {
  const result = schema['~standard'].validate(data);
  if (types.isPromise(result)) {
    result.catch(() => undefined); // that it is a promise is the error to report, not what happens to it
    throw new SessionDataError('the schema of the session data validates asynchronously: use a schema that returns its result synchronously');
  }
  if (result.issues === undefined) {
    return result.value;
  }
  const paths = result.issues.map(({ path = [] }) => ['data', ...path.map(nameOf)].join('.'));
  throw new SessionDataError(`${problem} at ${paths.join(', ')}; see the cause for why`, { cause: result.issues });
}

/**
 * What is stored for the data: what the schema makes of it.
 *
 * @param encoded the data, encoded
 * @throws SessionDataError also if the schema would refuse it when it is loaded, and so lock the client out
 */
export function storable(schema: StandardSchema, data: unknown, encoded: AttributeValue): AttributeValue {
  const output = validated(schema, data);
  if (isDecoded(encoded, data) && isDecoded(encoded, output)) {
    return encoded; // what will be loaded is what was just validated
  }
  const stored = encode(output);
  refuseUnreadable(schema, stored, 'the session data fits its schema now, but not as it would come back from the store,');
  return stored;
}

/** @throws SessionDataError if the schema would refuse the value when it is loaded */
export function refuseUnreadable(schema: StandardSchema, value: AttributeValue, problem: string): void {
  const loaded = decode(value);
  if (loaded !== null) {
    validated(schema, loaded, problem);
  }
}

function nameOf(segment: PathSegment): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
