import { checkHandler } from './handlers.js';
import type { AnyHandler, Handler, SessionHandler } from './handlers.js';
import { SessionOptionsError } from '../errors.js';

/**
 * Wraps handlers, and is a decorator for methods: a standard one, and one under TypeScript's `experimentalDecorators`.
 *
 * @example
 * ```ts
 * import { currentSession, session } from 'cdk-session-table/lambda-runtime';
 * import type { SessionWrapper } from 'cdk-session-table/lambda-runtime';
 *
 * const withSession: SessionWrapper = session({ update: true, ttl: 15 * 60 });
 *
 * export const login = withSession(async () => ({ statusCode: 204 }));
 * export const logout = withSession(async () => currentSession().destroy());
 * ```
 */
export interface SessionWrapper {
  <T extends (...args: any[]) => Promise<any>>(method: T, decorated: ClassMethodDecoratorContext): T;
  <TEvent = any, TContext = any, TResult = any>(handler: Handler<TEvent, TContext, TResult>): SessionHandler<TEvent, TContext, TResult>;
  <T>(prototype: object, name: string | symbol, method: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T>;
}

/** What a decorator gets after what it decorates: the context of a standard one, or the name of the member. */
type Decorated = DecoratorContext | string | symbol | undefined;

/** @throws SessionOptionsError when the wrapper gets anything but a handler or a method */
export function sessionWrapper(wrap: (handler: AnyHandler) => SessionHandler<any, any, any>): SessionWrapper {
  return ((handler: unknown, decorated?: Decorated, descriptor?: PropertyDescriptor) => {
    if (typeof decorated !== 'string' && typeof decorated !== 'symbol') {
      refuseUnlessMethod(decorated === undefined || decorated.kind === 'method', decorated?.name);
      checkHandler('session', handler);
      return wrap(handler);
    }
    refuseUnlessMethod(typeof descriptor?.value === 'function', decorated);
    checkHandler('session', descriptor.value);
    return { ...descriptor, value: wrap(descriptor.value) };
  }) as SessionWrapper;
}

function refuseUnlessMethod(isMethod: boolean, name: string | symbol | undefined): asserts isMethod {
  if (!isMethod) {
    throw new SessionOptionsError(`@session() decorates methods, and ${String(name)} is not one: make it a method, or wrap the function by session(handler, options)`);
  }
}
