import { session } from './index.js';
import type { SessionOptions } from './index.js';

/** What is used of a context of Hono's. */
export interface HonoContext {
  readonly req: { header(): Record<string, string> };
  /** What `hono/aws-lambda` passes on is in it: `lambdaContext` by `handle`, `context` by `streamHandle`. */
  readonly env: any;
  readonly error: Error | undefined;
  header(name: string, value?: string, options?: { readonly append?: boolean }): void;
}

/** A middleware of Hono's. */
export type SessionMiddleware<TContext extends HonoContext> = (context: TContext, next: () => Promise<void>) => Promise<void>;

/** A request that Hono has read, as an event that `session()` reads: the fields of an HTTP API's that it needs. */
interface HonoEvent<TContext> {
  readonly version: '2.0';
  readonly requestContext: { readonly http: object };
  readonly headers: Record<string, string>;
  readonly context: TContext;
  readonly next: () => Promise<void>;
}

interface HonoResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly cookies?: readonly string[];
}

/**
 * `session()` as a middleware of Hono: `app.use(sessions({ update: true }))`. The session functions work in all handlers and
 * middlewares that are used after this one. The session is saved when they have returned, before a body that they stream.
 *
 * An error that one of them throws means that nothing is saved, also if `app.onError` makes a response of it. The option
 * `sessionId` gets Hono's context.
 *
 * @throws SessionOptionsError at once for an option that cannot work
 */
export function sessions<TContext extends HonoContext = HonoContext>(options: SessionOptions<TContext> = {}): SessionMiddleware<TContext> {
  const { sessionId, ...others } = options;
  const handle = session(respond<TContext>, {
    ...others,
    sessionId: sessionId && (({ context }: HonoEvent<TContext>) => sessionId(context)),
  });

  return async (context, next) => {
    const event: HonoEvent<TContext> = { version: '2.0', requestContext: { http: {} }, headers: context.req.header(), context, next };
    try {
      writeHead(context, await handle(event, context.env?.lambdaContext ?? context.env?.context));
    } catch (error) {
      if (error !== context.error) {
        throw error;
      }
    }
  };
}

/** @throws what a handler threw: Hono has made a response of it already, and `next` does not tell */
async function respond<TContext extends HonoContext>({ context, next }: HonoEvent<TContext>): Promise<HonoResult> {
  await next();
  if (context.error !== undefined) {
    throw context.error;
  }
  return { statusCode: 200 };
}

function writeHead(context: HonoContext, { headers = {}, cookies = [] }: HonoResult): void {
  Object.entries(headers).forEach(([name, value]) => context.header(name, value));
  cookies.forEach((cookie) => context.header('set-cookie', cookie, { append: true }));
}
