/**
 * What is read from a request, whatever event it came in.
 *
 * @example
 * ```ts
 * import type { SessionRequestHead } from 'cdk-session-table/lambda-runtime';
 *
 * const bearerToken = (request: SessionRequestHead): string | undefined => /^Bearer (\S+)$/.exec(request.header('authorization') ?? '')?.[1];
 * ```
 */
export interface RequestHead {
  /** The HTTP method, where the event has one. */
  readonly method?: unknown;
  /** The path as the client sent it, where the event has one. */
  readonly path?: unknown;
  /** Whether several values of one header come joined by commas, as in payload format 2.0. */
  readonly joinsHeaders?: boolean;
  /** The value of a header, its name matched case-insensitively; if there are several, the last. */
  header(name: string): string | undefined;
  /** The cookies as they came: texts of `name=value`, one or several in each, separated by semicolons. */
  cookies(): readonly string[];
}

/**
 * What is added to a response, whatever its format.
 *
 * @example
 * ```ts
 * import type { SessionResponseHead } from 'cdk-session-table/lambda-runtime';
 *
 * const head: SessionResponseHead = { headers: { 'x-job-id': 'job-17' }, cookies: [] };
 * ```
 */
export interface ResponseHead {
  /** Header names and values; each replaces one of the same name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`, beside those that are there. */
  readonly cookies: readonly string[];
}
