/** @module hono */

import { CACHE_CONTROLS, adaptedOptions, session } from '../index.js';
import type { SessionOptions } from '../index.js';

/**
 * What is used of a Hono context.
 *
 * @example
 * ```ts
 * import type { HonoContext } from 'cdk-session-table/lambda-runtime/hono';
 *
 * const path = ({ req }: HonoContext): string => req.method;
 * ```
 */
export interface HonoContext {
  readonly req: { readonly method: string; readonly raw: unknown; header(): Record<string, string> };
  readonly res: { readonly status: number; readonly headers: { get(name: string): string | null } };
  /** Holds what `hono/aws-lambda` passes on: `event`, and `lambdaContext` (by `handle`) or `context` (by `streamHandle`). */
  readonly env: any;
  readonly error: Error | undefined;
  header(name: string, value?: string, options?: { readonly append?: boolean }): void;
}

/**
 * A Hono middleware.
 *
 * @example
 * ```ts
 * import { sessions } from 'cdk-session-table/lambda-runtime/hono';
 * import type { HonoContext, SessionMiddleware } from 'cdk-session-table/lambda-runtime/hono';
 *
 * const withSession: SessionMiddleware<HonoContext> = sessions({ update: true, ttl: 15 * 60 });
 * ```
 */
export type SessionMiddleware<TContext extends HonoContext> = (context: TContext, next: () => Promise<void>) => Promise<void>;

/** Names for `session()` what an event was made from, so that it notices a request that has a session already. */
const REQUEST = Symbol.for('cdk-session-table/request');

/** A request as Hono has read it, as an event that `session()` reads: what it needs of an HTTP API's. */
interface HonoEvent<TContext> {
  readonly version: '2.0';
  readonly requestContext: { readonly http: object };
  readonly headers: Record<string, string>;
  readonly context: TContext;
  readonly next: () => Promise<void>;
  readonly [REQUEST]: readonly unknown[];
}

interface HonoResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly cookies?: readonly string[];
}

/**
 * `session()` as a Hono middleware: `app.use(sessions({ update: true }))`. The session functions work in all handlers and
 * middlewares that are used after it. The session is saved when they have returned: a body that they stream is sent after
 * that, so read what it needs from the session before. `Response.error()` and the answer to an upgrade (101) are left as they
 * are, without the id.
 *
 * If one of them throws, nothing is saved, even if `app.onError` turns the error into a response. The option `sessionId` gets
 * Hono's context.
 *
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { sessions } from 'cdk-session-table/lambda-runtime/hono';
 * import { getSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * const app = new Hono();
 * app.use(sessions({ update: true, ttl: 15 * 60 }));
 * app.get('/', (context) => context.text(`${getSessionData<number>() ?? 0}`));
 * ```
 *
 * @throws SessionOptionsError at set-up for an invalid option
 */
export function sessions<TContext extends HonoContext = HonoContext>(options: SessionOptions<TContext> = {}): SessionMiddleware<TContext> {
  const handle = session(respond<TContext>, adaptedOptions(options, ({ context }: HonoEvent<TContext>) => context));

  return async (context, next) => {
    const event: HonoEvent<TContext> = {
      version: '2.0',
      requestContext: { http: { method: context.req.method } },
      headers: context.req.header(),
      context,
      next,
      [REQUEST]: [context, context.req.raw, context.env?.event],
    };
    try {
      writeHead(context, await handle(event, context.env?.lambdaContext ?? context.env?.context));
    } catch (error) {
      if (error !== context.error) {
        throw error;
      }
    }
  };
}

/** @throws what a handler threw: Hono has turned it into a response already, and `next` does not report it */
async function respond<TContext extends HonoContext>({ context, next }: HonoEvent<TContext>): Promise<HonoResult> {
  await next();
  if (context.error !== undefined) {
    throw context.error;
  }
  const own = CACHE_CONTROLS.map((name) => [name, context.res.headers.get(name)]).filter(([, value]) => value !== null);
  return { statusCode: 200, headers: Object.fromEntries(own) };
}

function writeHead(context: HonoContext, { headers = {}, cookies = [] }: HonoResult): void {
  if (context.res.status < 200) {
    return; // Hono would copy the response, which cannot be done with these
  }
  Object.entries(headers).forEach(([name, value]) => context.header(name, value));
  cookies.forEach((cookie) => context.header('set-cookie', cookie, { append: true }));
}
