import { resolveOptions } from './configuration/resolve-options.js';
import type { ResolvedOptions } from './configuration/resolve-options.js';
import type { SessionOptions } from './configuration/session-options.js';
import { SessionOptionsError } from './errors.js';
import { invocationFactory } from './invocation/begin-invocation.js';
import { readId } from './invocation/read-id.js';
import { runHandler } from './invocation/scope.js';
import { writeId } from './invocation/write-id.js';
import { loadSession } from './lifecycle/load.js';
import { saveSession } from './lifecycle/save.js';

/** A handler as it is written: it returns its result, or a promise of it. */
export type Handler<TEvent, TContext, TResult> = (event: TEvent, context: TContext, ...rest: any[]) => TResult;

/** A handler as Lambda calls it. */
export type SessionHandler<TEvent, TContext, TResult> = (event: TEvent, context?: TContext) => Promise<Awaited<TResult>>;

/** Wraps handlers, and serves as a decorator of methods. */
export type SessionWrapper = <TEvent = any, TContext = any, TResult = unknown>(
  handler: Handler<TEvent, TContext, TResult>,
  decorated?: ClassMethodDecoratorContext,
) => SessionHandler<TEvent, TContext, TResult>;

/**
 * Gives a Lambda handler a session: reads the session id from the event, loads the session, runs the handler, saves what
 * it changed, and writes the id into the response. In between, `getSessionData()` and `setSessionData()` work.
 *
 * If the handler throws, nothing is saved and the error passes through untouched.
 *
 * @throws SessionOptionsError at once for an option that cannot work, and for a handler that takes a callback
 */
export function session<TEvent = any, TContext = any, TResult = unknown>(
  handler: Handler<TEvent, TContext, TResult>,
  options?: SessionOptions<TEvent>,
): SessionHandler<TEvent, TContext, TResult>;
/** The same options for several handlers, or for methods: returns a wrapper that is a decorator too. */
export function session(options?: SessionOptions): SessionWrapper;
export function session(handlerOrOptions?: Handler<any, any, any> | SessionOptions, options?: SessionOptions): unknown {
  if (typeof handlerOrOptions === 'function') {
    return withSession(handlerOrOptions, resolveOptions(options));
  }
  const resolved = resolveOptions(handlerOrOptions);
  return (handler: Handler<any, any, any>) => withSession(handler, resolved);
}

function withSession(handler: Handler<any, any, any>, options: ResolvedOptions): SessionHandler<any, any, any> {
  refuseCallback(handler);
  const beginInvocation = invocationFactory(options);

  return async function (this: unknown, event: unknown, context: unknown) {
    const invocation = beginInvocation(event, context);

    await readId(invocation);
    await loadSession(invocation);
    const result = await runHandler(invocation, () => handler.call(this, event, context));
    await saveSession(invocation.session, invocation.access);
    return writeId(invocation, result);
  };
}

function refuseCallback(handler: Handler<any, any, any>): void {
  if (handler.length >= 3) {
    throw new SessionOptionsError('session() takes handlers that return a promise, got one with a callback: leave the third parameter out');
  }
}
