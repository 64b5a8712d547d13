import { SessionOptionsError } from '../errors.js';
import { processWide } from '../platform/process-wide.js';

/** A handler as you write it: returns its result, or a promise of it. */
export type Handler<TEvent, TContext, TResult> = (event: TEvent, context: TContext, ...rest: any[]) => TResult;

/** A handler as Lambda calls it. */
export type SessionHandler<TEvent, TContext, TResult> = (event: TEvent, context?: TContext) => Promise<Awaited<TResult>>;

/** How AWS's runtime client marks what `awslambda.streamifyResponse()` returns. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

const wrapped = processWide('wrapped-handlers', () => new WeakSet<object>());

/** @throws SessionOptionsError for anything that cannot be wrapped: no function, or a handler that has a session already */
export function checkHandler(wrapper: string, handler: unknown): asserts handler is Handler<any, any, any> {
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
export function checkReturnsResult(handler: Handler<any, any, any>): void {
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
