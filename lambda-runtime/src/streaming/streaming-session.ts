import type { ResponseStream } from './response-stream.js';
import { StreamedResponse } from './streamed-response.js';
import { checkHandler, markWrapped } from '../configuration/handlers.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import { SessionOptionsError } from '../errors.js';
import { invocationFactory } from '../invocation/begin-invocation.js';
import { readId } from '../invocation/read-id.js';
import { runHandler } from '../invocation/scope.js';
import { loadSession } from '../lifecycle/load.js';
import { rehearseInvocation } from '../lifecycle/rehearse-invocation.js';

/**
 * A handler that streams its response, as Lambda calls it.
 *
 * @example
 * ```ts
 * import { streamingSession } from 'cdk-session-table/lambda-runtime';
 * import type { StreamingHandler } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler: StreamingHandler<{ rawPath: string }, unknown> = streamingSession(async (event, stream) => {
 *   stream.end(event.rawPath);
 * });
 * ```
 */
export type StreamingHandler<TEvent, TContext> = (event: TEvent, responseStream: ResponseStream, context: TContext) => Promise<void>;

/**
 * `session()` for handlers that stream their response. It includes `awslambda.streamifyResponse()`. Write the handler as
 * usual, with `awslambda.HttpResponseStream.from(responseStream, metadata)` where it sets status or headers.
 *
 * The session id is sent in the head of the response, which goes out with the first byte. From then on, the session can be
 * neither regenerated nor destroyed nor replaced. With `saveUninitialized: false`, set the data of a new session before that.
 *
 * The session is saved when the stream is ended, by the handler or by a pipe, which may happen after the handler has returned.
 * The end is held back until the session has been saved: if that fails, the response fails instead of ending as if nothing
 * had happened. After the end the session can still be read, but nothing can be set, until the handler has returned and the
 * stream has ended; then the invocation is over. If the client disconnects before the end and the handler returns without an
 * error, the session is saved too.
 *
 * @example
 * ```ts
 * import { setSessionData, streamingSession } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = streamingSession(async (event: { rawPath: string }, responseStream) => {
 *   setSessionData({ asked: event.rawPath });
 *   responseStream.write('hello');
 *   responseStream.end();
 * }, { update: true, ttl: 15 * 60 });
 * ```
 *
 * @throws SessionOptionsError at set-up for an invalid option, for anything that is not a handler or has a session already, and
 *   outside Lambda's Node.js runtimes
 * @see https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export function streamingSession<TEvent = any, TContext = any>(
  handler: (event: TEvent, responseStream: ResponseStream, context: TContext) => unknown,
  options?: SessionOptions<TEvent>,
): StreamingHandler<TEvent, TContext> {
  checkHandler('streamingSession', handler);
  const beginInvocation = invocationFactory(resolveOptions(options), rehearseInvocation);
  const { streamifyResponse, HttpResponseStream } = awslambda();

  return markWrapped(streamifyResponse(async function (this: unknown, event: TEvent, responseStream: ResponseStream, context: TContext) {
    const invocation = beginInvocation(event, context);

    invocation.candidates = await readId(invocation);
    await loadSession(invocation);
    const response = new StreamedResponse(responseStream, invocation, HttpResponseStream.from);
    await runHandler(invocation, () => response.endOf(async () => handler.call(this, event, responseStream, context)));
  }));
}

/** What Lambda's runtime defines globally. */
interface AwsLambda {
  readonly HttpResponseStream: { from(stream: ResponseStream, metadata: unknown): unknown };
  streamifyResponse<T extends StreamingHandler<any, any>>(handler: T): T;
}

function awslambda(): AwsLambda {
  const found = (globalThis as { awslambda?: AwsLambda }).awslambda;
  if (found === undefined) {
    throw new SessionOptionsError('streamingSession() needs the global awslambda of Lambda\'s Node.js runtimes: define it first to run the handler elsewhere');
  }
  return found;
}
