import { SessionOptionsError } from '../errors.js';
import { processWide } from '../platform/process-wide.js';

/** A handler as you write it: returns its result, or a promise of it. */
export type Handler<TEvent, TContext, TResult> = (event: TEvent, context: TContext, callback: NoCallback, ...rest: any[]) => TResult;

/** In the place of Lambda's callback, whose type it has: handlers typed with one can be wrapped, but to call it is an error of the compiler. */
export type NoCallback = (
  this: 'session() does not support callback-style handlers: remove the third parameter and return a promise', error?: any, result?: any,
) => void;

/**
 * A handler as Lambda calls it.
 *
 * @example
 * ```ts
 * import { session } from 'cdk-session-table/lambda-runtime';
 * import type { SessionHandler } from 'cdk-session-table/lambda-runtime';
 *
 * const greet: SessionHandler<{ name: string }, unknown, Promise<string>> = session(async ({ name }: { name: string }) => `hello ${name}`);
 * const greeting: string = await greet({ name: 'Ada' });
 * ```
 */
export type SessionHandler<TEvent, TContext, TResult> = (event: TEvent, context?: TContext) => Promise<Returned<TResult>>;

/**
 * What a handler returns, once it has been awaited. The `void` in `void | Promise<T>`, as in the types of `@types/aws-lambda`, is that
 * of handlers with a callback.
 */
type Returned<TResult> = void extends TResult
  ? [Extract<TResult, PromiseLike<any>>] extends [never] ? Awaited<TResult> : Awaited<Extract<TResult, PromiseLike<any>>>
  : Awaited<TResult>;

/** A handler of whatever types. */
export type AnyHandler = (...args: any[]) => any;

/** How AWS's runtime client marks what `awslambda.streamifyResponse()` returns. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

const wrapped = processWide('wrapped-handlers', () => new WeakSet<object>());

/** @throws SessionOptionsError for anything that cannot be wrapped: no function, or a handler that has a session already */
export function checkHandler(wrapper: string, handler: unknown): asserts handler is AnyHandler {
  if (typeof handler !== 'function') {
    const got = handler === null ? 'null' : typeof handler;
    throw new SessionOptionsError(
      `${wrapper}() wraps a handler function, got ${got}: pass the handler first and the options second, and check that the handler is defined when ${wrapper}() is called`,
    );
  }
  if (wrapped.has(handler)) {
    throw new SessionOptionsError(`${wrapper}() got a handler that has a session already: wrap it once`);
  }
}

/** @throws SessionOptionsError for a handler that does not return its result as `session()` needs it */
export function checkReturnsResult(handler: AnyHandler): void {
  if (STREAMING in handler) {
    throw new SessionOptionsError('session() does not support handlers that stream their response: use streamingSession() instead of awslambda.streamifyResponse()');
  }
  if (handler.length >= 3) {
    throw new SessionOptionsError('session() does not support callback-style handlers: remove the third parameter and return a promise');
  }
}

/** Remembers that a handler has a session. */
export function markWrapped<T extends object>(handler: T): T {
  wrapped.add(handler);
  return handler;
}
