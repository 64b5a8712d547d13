import { SessionDataError } from '../errors.js';
import { types } from '../platform/node-modules.js';

/**
 * A schema of any library that follows Standard Schema; the part of it that is used here.
 *
 * What comes out of it must be valid input of it again, as what the handler sees is what is saved and loaded the next time:
 * defaults, coercions and stripped fields are well, a transformation into another type is not.
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
  | { readonly issues: ReadonlyArray<{ readonly message: string; readonly path?: ReadonlyArray<PathSegment> | undefined }> };

type PathSegment = PropertyKey | { readonly key: PropertyKey };

/** The data of a session: `T` itself, or what comes out of it if it is a schema, as in `getSessionData<typeof cart>()`. */
export type SessionDataOf<T> = T extends StandardSchema<infer TOutput> ? TOutput : T;

/**
 * What the schema makes of the data.
 *
 * @throws SessionDataError naming the paths that the schema refuses. What the schema says of them is in its `cause`: some
 *   libraries quote the data in it
 */
export function validated(schema: StandardSchema, data: unknown): unknown {
  const result = schema['~standard'].validate(data);
  if (types.isPromise(result)) {
    result.catch(() => undefined); // that it is a promise is the error to report, not what becomes of it
    throw new SessionDataError('the schema of the session data validates by a promise; it must do so at once');
  }
  if (result.issues === undefined) {
    return result.value;
  }
  const paths = result.issues.map(({ path = [] }) => ['data', ...path.map(nameOf)].join('.'));
  throw new SessionDataError(`the session data does not fit its schema at ${paths.join(', ')}; see the cause for why`, { cause: result.issues });
}

function nameOf(segment: PathSegment): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
