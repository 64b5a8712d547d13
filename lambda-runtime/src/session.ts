import { checkHandler, checkReturnsResult, markWrapped } from './configuration/handlers.js';
import type { AnyHandler, Handler, SessionHandler } from './configuration/handlers.js';
import { resolveOptions } from './configuration/resolve-options.js';
import type { ResolvedOptions } from './configuration/resolve-options.js';
import type { SessionOptions } from './configuration/session-options.js';
import { sessionWrapper } from './configuration/session-wrapper.js';
import type { SessionWrapper } from './configuration/session-wrapper.js';
import { invocationFactory } from './invocation/begin-invocation.js';
import { readAnswer } from './invocation/read-answer.js';
import { readId } from './invocation/read-id.js';
import { runHandler } from './invocation/scope.js';
import { writeId } from './invocation/write-id.js';
import { loadSession } from './lifecycle/load.js';
import { rehearseInvocation } from './lifecycle/rehearse-invocation.js';
import { saveSession } from './lifecycle/save.js';

/**
 * Gives a Lambda handler a session: reads the session id from the event, loads the session, runs the handler, saves what
 * it changed, and writes the id into the response. In between, `getSessionData()` and `setSessionData()` work.
 *
 * If the handler throws, nothing is saved and the error passes through untouched.
 *
 * @example
 * ```ts
 * import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async (event: { rawPath: string }) => {
 *   const visits = (getSessionData<number>() ?? 0) + 1;
 *   setSessionData(visits);
 *   return { statusCode: 200, body: `visit ${visits} of ${event.rawPath}` };
 * }, { update: true, ttl: 15 * 60 });
 * ```
 *
 * @throws SessionOptionsError at set-up for an invalid option, and for anything that is not a handler, takes a callback,
 *   streams its response or has a session already
 */
export function session<TEvent = any, TContext = any, TResult = any>(
  handler: Handler<TEvent, TContext, TResult>,
  options?: SessionOptions<TEvent>,
): SessionHandler<TEvent, TContext, TResult>;
/** Returns a wrapper with these options, for several handlers or as a decorator of methods: `@session({ update: true })`. */
export function session(options?: SessionOptions): SessionWrapper;
export function session(...given: [handlerOrOptions?: unknown, options?: SessionOptions]): unknown {
  const [handlerOrOptions, options] = given;
  if (given.length === 0 || (isOptions(handlerOrOptions) && options === undefined)) {
    const resolved = resolveOptions(handlerOrOptions as SessionOptions | undefined);
    return sessionWrapper((handler) => withSession(handler, resolved));
  }
  checkHandler('session', handlerOrOptions);
  return withSession(handlerOrOptions, resolveOptions(options));
}

function withSession(handler: AnyHandler, options: ResolvedOptions): SessionHandler<any, any, any> {
  checkReturnsResult(handler);
  const beginInvocation = invocationFactory(options, rehearseInvocation);

  return markWrapped(async function (this: unknown, event: unknown, context: unknown) {
    const invocation = beginInvocation(event, context);

    invocation.candidates = await readId(invocation);
    await loadSession(invocation);
    const result = await runHandler(invocation, () => handler.call(this, event, context));
    const answer = readAnswer(invocation, result);
    await saveSession(invocation.session, invocation.access);
    return writeId(invocation, answer, result);
  });
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
