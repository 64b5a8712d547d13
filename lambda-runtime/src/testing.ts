import { SessionOptionsError, checkOptionNames, currentSession, session } from './index.js';
import type { SessionOptions } from './index.js';
import { eventOf } from './testing/test-request.js';
import type { TestEventFormat, TestRequest } from './testing/test-request.js';
import { responseOf } from './testing/test-response.js';
import type { TestResponse } from './testing/test-response.js';

export type { TestEventFormat, TestRequest } from './testing/test-request.js';
export type { TestResponse } from './testing/test-response.js';

/**
 * A request to a handler under test, and the session it comes with.
 *
 * @example
 * ```ts
 * import { invoke } from 'cdk-session-table/lambda-runtime/testing';
 * import type { TestInvocation, TestedHandler } from 'cdk-session-table/lambda-runtime/testing';
 *
 * declare const handler: TestedHandler;
 *
 * const visit: TestInvocation = { path: '/visits', session: { visits: 1 }, format: 'rest-api-v1' };
 * const { session } = await invoke(handler, visit);
 * ```
 */
export interface TestInvocation extends TestRequest {
  /**
   * The data of the session that the client already has. It is stored before the handler runs, and the request presents its id,
   * in a header or a cookie as the options say.
   *
   * @default - the client presents what `headers` and `cookies` hold
   */
  readonly session?: unknown;
  /**
   * The options that the handler's `session()` has. Needed if they say how the id travels or how it is stored: `transport`,
   * `idKeyName`, `hashIds`, `pepper`, `sessionId`, `store`.
   *
   * @default {}
   */
  readonly options?: SessionOptions;
  /** @default 'http-api-v2' */
  readonly format?: TestEventFormat;
  /** Fields of the event that differ from those of a plain request, such as `requestContext`. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** Lambda's context. @default a context with 30 seconds left */
  readonly context?: unknown;
}

/**
 * The response, with the session as it is stored after it.
 *
 * @example
 * ```ts
 * import { invoke } from 'cdk-session-table/lambda-runtime/testing';
 * import type { TestResult, TestedHandler } from 'cdk-session-table/lambda-runtime/testing';
 *
 * declare const handler: TestedHandler<{ statusCode: number }>;
 *
 * const { statusCode, session, result }: TestResult<{ statusCode: number }> = await invoke(handler);
 * ```
 */
export interface TestResult<TResult = unknown> extends TestResponse {
  /** What the handler returned, with the session id added. */
  readonly result: TResult;
  /** The session's data after the invocation; `undefined` if the client has no session. */
  readonly session: any;
}

/**
 * A handler as Lambda calls it, wrapped by `session()`, by middy or by Hono.
 *
 * @example
 * ```ts
 * import { invoke } from 'cdk-session-table/lambda-runtime/testing';
 * import type { TestedHandler } from 'cdk-session-table/lambda-runtime/testing';
 * import { session } from 'cdk-session-table/lambda-runtime';
 *
 * const handler: TestedHandler = session(async () => ({ statusCode: 200 }), { update: true, ttl: 15 * 60 });
 * await invoke(handler);
 * ```
 */
export type TestedHandler<TResult = unknown> = (event: any, context: any, ...rest: any[]) => TResult | Promise<TResult>;

/**
 * Invokes a handler in a test, as a client behind API Gateway would: with a session, cookies, headers, a body. Call
 * `initSessionStore({ runtime: true })` before each test, so that sessions are kept in memory and each test begins without any.
 *
 * @example
 * ```ts
 * import { initSessionStore } from 'cdk-session-table/lambda-runtime';
 * import { invoke, type TestedHandler } from 'cdk-session-table/lambda-runtime/testing';
 *
 * declare const handler: TestedHandler;
 *
 * initSessionStore({ runtime: true });
 * const { body, session } = await invoke(handler, { path: '/visits', session: { visits: 1 } });
 * ```
 *
 * @throws what the handler throws, and SessionOptionsError for what `TestInvocation` does not have
 */
export async function invoke<TResult>(handler: TestedHandler<TResult>, invocation: TestInvocation = {}): Promise<TestResult<TResult>> {
  checkInvocation(invocation);
  const { options = {}, format = FORMATS[0], context = { awsRequestId: 'test-request', getRemainingTimeInMillis: () => 30_000 } } = invocation;
  const request = invocation.session === undefined ? invocation : await withStoredSession(invocation, options);

  const result = await handler(eventFor(request), context) as TResult;

  const response = responseOf(result, format, request.cookies ?? {});
  const next = { ...request, headers: { ...request.headers, ...response.headers }, cookies: response.cookies };
  return { ...response, result, session: await readSession(next, options) };
}

const FORMATS: readonly TestEventFormat[] = ['http-api-v2', 'rest-api-v1'];

const FIELDS: readonly (keyof TestInvocation)[] = [
  'method', 'path', 'query', 'headers', 'cookies', 'body', 'session', 'options', 'format', 'event', 'context',
];

function checkInvocation(invocation: TestInvocation): void {
  checkOptionNames(invocation, FIELDS, 'invoke()');
  const { format } = invocation;
  if (format !== undefined && !FORMATS.includes(format)) {
    throw new SessionOptionsError(`format must be one of ${FORMATS.join(', ')}, got ${String(format)}`);
  }
}

function eventFor(invocation: TestInvocation): Record<string, unknown> {
  return { ...eventOf(invocation, invocation.format ?? FORMATS[0]), ...invocation.event };
}

/** Stores the session as a handler would, and adds what the client then sends to present its id. */
async function withStoredSession(invocation: TestInvocation, options: SessionOptions): Promise<TestInvocation> {
  const store = session(async () => {
    currentSession().set(invocation.session);
    return { statusCode: 200 };
  }, { ...withoutChecks(options), update: true });
  const { headers, cookies } = responseOf(await store(eventFor(invocation)), invocation.format ?? FORMATS[0], invocation.cookies ?? {});
  return { ...invocation, headers: { ...invocation.headers, ...headers }, cookies };
}

async function readSession(invocation: TestInvocation, options: SessionOptions): Promise<unknown> {
  let data: unknown;
  const transport = options.transport && Object.create(options.transport, { maxAge: { value: undefined } }); // nothing is sent to a client
  const read = session(async () => {
    data = currentSession().isNew ? undefined : currentSession().data;
    return { statusCode: 200 };
  }, { ...withoutChecks(options), update: true, rolling: false, saveUninitialized: false, transport });
  await read(eventFor(invocation));
  return data;
}

/** The handler's options for a step of the test, whatever the data is. */
function withoutChecks({ schema, onInvalid, onIgnoredChange, ...others }: SessionOptions): SessionOptions {
  return others;
}
