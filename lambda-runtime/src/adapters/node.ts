/** @module node */

import type { IncomingMessage } from 'node:http';
import { adaptedOptions, checkHandler, nodeSessions, session } from '../index.js';
import type { NodeMiddleware, SessionOptions } from '../index.js';

/**
 * A middleware of Connect, Express and whatever takes `(request, response, next)`; with `node:http` alone `next` is the handler.
 *
 * @example
 * ```ts
 * import { sessions } from 'cdk-session-table/lambda-runtime/node';
 * import type { SessionMiddleware } from 'cdk-session-table/lambda-runtime/node';
 *
 * // Express, Connect and node:http take it as it is.
 * const withSession: SessionMiddleware = sessions({ update: true, ttl: 15 * 60 });
 * ```
 */
export type SessionMiddleware = NodeMiddleware;

/**
 * `session()` for servers that listen on a port: `app.use(sessions({ update: true }))`, or with `node:http` alone
 * `createServer((request, response) => withSession(request, response, (error) => …))`. The session functions work in whatever
 * `next` leads to, however many requests are handled at the same time.
 *
 * The session is saved before the headers go out; in a response that is streamed the id goes out with the headers, and the
 * session is saved before the end. If the session cannot be loaded or saved, `next` is called with the error: with the headers
 * already sent, the connection is closed instead. A request that is never answered saves nothing.
 *
 * The option `sessionId` gets the request.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { sessions } from 'cdk-session-table/lambda-runtime/node';
 * import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * const withSession = sessions({ update: true, ttl: 15 * 60 });
 * createServer((request, response) => withSession(request, response, () => {
 *   setSessionData((getSessionData<number>() ?? 0) + 1);
 *   response.end(`visit ${getSessionData<number>()}`);
 * }));
 * ```
 *
 * @throws SessionOptionsError immediately for an invalid option
 */
export const sessions: (options?: SessionOptions<IncomingMessage>) => SessionMiddleware = nodeSessions;

/**
 * A handler in the style of `fetch`. Whatever else its server passes, such as an environment, is passed on.
 *
 * @example
 * ```ts
 * import { fetchSession } from 'cdk-session-table/lambda-runtime/node';
 * import type { FetchHandler } from 'cdk-session-table/lambda-runtime/node';
 *
 * const hello: FetchHandler = (request) => new Response(`hello ${new URL(request.url).pathname}`);
 * export const handle = fetchSession(hello, { update: true, ttl: 15 * 60 });
 * ```
 */
export type FetchHandler<TRest extends unknown[] = []> = (request: Request, ...rest: TRest) => Response | Promise<Response>;

/** Names for `session()` what an event was made from, so that it notices a request that has a session already. */
const REQUEST = Symbol.for('cdk-session-table/request');

/** A request in the format of an HTTP API's event, of which `session()` reads what it needs. */
interface FetchEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string; readonly path: string } };
  readonly request: Request;
  readonly rest: unknown[];
  readonly [REQUEST]: Request;
}

/** A response in the format of an HTTP API's, to which `session()` adds the id. */
interface FetchResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly response: Response;
}

/**
 * `session()` for handlers in the style of `fetch`, `Request → Response`, of any server that has them. The session is saved
 * when the handler has returned its response, before the headers go out and before a body that it streams: set data before
 * you return. `Response.error()` and the answer to an upgrade (101) are returned as they are, without the id.
 *
 * If the handler throws, nothing is saved and the error passes through untouched. The option `sessionId` gets the `Request`.
 *
 * @example
 * ```ts
 * import { fetchSession } from 'cdk-session-table/lambda-runtime/node';
 * import { setSessionData } from 'cdk-session-table/lambda-runtime';
 *
 * export default {
 *   fetch: fetchSession(async (request) => {
 *     setSessionData({ last: request.url });
 *     return new Response('hello');
 *   }, { update: true, ttl: 15 * 60 }),
 * };
 * ```
 *
 * @throws SessionOptionsError immediately for an invalid option, and for anything that is not a handler
 */
export function fetchSession<TRest extends unknown[] = []>(
  handler: FetchHandler<TRest>,
  options: SessionOptions<Request> = {},
): (request: Request, ...rest: TRest) => Promise<Response> {
  checkHandler('fetchSession', handler);
  const handle = session(
    async ({ request, rest }: FetchEvent) => toResult(await handler(request, ...rest as TRest)),
    adaptedOptions(options, ({ request }: FetchEvent) => request),
  );
  return async (request, ...rest) => toResponse(await handle(toEvent(request, rest)));
}

function toEvent(request: Request, rest: unknown[]): FetchEvent {
  const { method, url, headers } = request;
  const path = new URL(url).pathname;
  return {
    version: '2.0', rawPath: path, headers: Object.fromEntries(headers), requestContext: { http: { method, path } }, request, rest, [REQUEST]: request,
  };
}

/** Cookies of the handler's own stay in its response. */
function toResult(response: Response): FetchResult {
  const { 'set-cookie': cookies, ...headers } = Object.fromEntries(response.headers);
  return { statusCode: response.status, headers, response };
}

/**
 * A copy, since the headers of redirects and of responses that were fetched cannot be changed. No copy can be made of
 * `Response.error()`, nor of the answer to an upgrade.
 */
function toResponse({ response, headers, cookies = [] }: FetchResult): Response {
  const added = Object.entries(headers).filter(([name, value]) => response.headers.get(name) !== value);
  if (response.status < 200 || (added.length === 0 && cookies.length === 0)) {
    return response;
  }
  const answer = new Response(response.body, response);
  added.forEach(([name, value]) => answer.headers.set(name, value));
  cookies.forEach((cookie) => answer.headers.append('set-cookie', cookie));
  return answer;
}
