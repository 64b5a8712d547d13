/** @module middy */

import { SessionOptionsError, session } from '../index.js';
import type { SessionHandler, SessionOptions } from '../index.js';

/**
 * What is used of a handler that `middy()` returns.
 *
 * @example
 * ```ts
 * import middy from '@middy/core';
 * import { middySession } from 'cdk-session-table/lambda-runtime/middy';
 * import type { MiddyHandler } from 'cdk-session-table/lambda-runtime/middy';
 *
 * const inner: MiddyHandler = middy(async () => ({ statusCode: 200 }));
 * export const handler = middySession(inner, { update: true, ttl: 15 * 60 });
 * ```
 */
export interface MiddyHandler<TEvent = any, TContext = any, TResult = any> {
  (event: TEvent, context: TContext): Promise<TResult>;
  onError(middleware: (request: object) => void): unknown;
}

/**
 * `session()` for a handler with middy's middlewares: `middySession(middy(handler).use(cors()), { update: true })`. The
 * session functions work in the handler and in all middlewares. The id is written into the response that the last middleware
 * leaves, which may be one that a middleware returns early.
 *
 * If the handler or a middleware throws, nothing is saved, even if an `onError` middleware turns the error into a response.
 *
 * It is a wrapper and not a middleware because middy calls middlewares and handler one after the other: no middleware can put
 * the handler into an asynchronous context, and none can end one reliably.
 *
 * @example
 * ```ts
 * import middy from '@middy/core';
 * import { middySession } from 'cdk-session-table/lambda-runtime/middy';
 * import { getSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = middySession(middy(async () => ({ statusCode: 200, body: `${getSessionData<number>() ?? 0}` })), { update: true, ttl: 15 * 60 });
 * ```
 *
 * @throws SessionOptionsError at set-up for an invalid option, and for anything that is not a middy handler or that streams
 */
export function middySession<TEvent = any, TContext = any, TResult = any>(
  handler: MiddyHandler<TEvent, TContext, TResult>,
  options?: SessionOptions<TEvent>,
): SessionHandler<TEvent, TContext, TResult> {
  refuseUnlessMiddy(handler);
  const runs = new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)<Run>();
  handler.onError(() => {
    const run = runs.getStore();
    if (run !== undefined) {
      run.hasFailed = true;
    }
  });

  const handle = session(async (event: TEvent, context: TContext) => {
    const run: Run = { hasFailed: false };
    const response = await runs.run(run, async () => handler(event, context));
    if (run.hasFailed) {
      throw new AnsweredFailure(response);
    }
    return response;
  }, options);

  return async (event, context): Promise<any> => {
    try {
      return await handle(event, context);
    } catch (error) {
      if (error instanceof AnsweredFailure) {
        return error.response;
      }
      throw error;
    }
  };
}

/** One call of the middy handler. */
interface Run {
  /** Whether the handler or a middleware has thrown, whatever middlewares make of it. */
  hasFailed: boolean;
}

/** Takes a response past `session()`, which then saves nothing. */
class AnsweredFailure extends Error {
  constructor(readonly response: unknown) {
    super('a middleware turned an error into a response');
  }
}

function refuseUnlessMiddy(handler: MiddyHandler): void {
  if (typeof handler?.onError !== 'function') {
    throw new SessionOptionsError('middySession() wraps a handler made by middy: middySession(middy(handler).use(…), options)');
  }
  if (Symbol.for('aws.lambda.runtime.handler.streaming') in handler) {
    throw new SessionOptionsError('middySession() does not support middy handlers that stream their response: use streamingSession() without middy');
  }
}
