import { SessionDataError } from './errors.js';

/**
 * A schema of any library that follows Standard Schema; the part of it that is used here.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<TOutput = unknown> {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult<TOutput> | Promise<SchemaResult<TOutput>>;
    readonly types?: { readonly output: TOutput } | undefined;
  };
}

export type SchemaResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string; readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined }> };

/** The data of a session: `T` itself, or what comes out of it if it is a schema, as in `getSessionData<typeof cart>()`. */
export type SessionDataOf<T> = T extends StandardSchema<infer TOutput> ? TOutput : T;

/**
 * What the schema makes of the data.
 *
 * @throws SessionDataError naming the paths that the schema refuses, and why; not the data itself
 */
export function validated(schema: StandardSchema, data: unknown): unknown {
  const result = schema['~standard'].validate(data);
  if (result instanceof Promise) {
    throw new SessionDataError('the schema of the session data validates by a promise; it must do so at once');
  }
  if (result.issues === undefined) {
    return result.value;
  }
  const reasons = result.issues.map(({ message, path }) => `${['data', ...(path ?? []).map(nameOf)].join('.')}: ${message}`);
  throw new SessionDataError(`the session data does not fit its schema: ${reasons.join('; ')}`);
}

function nameOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
