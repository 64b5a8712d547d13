import type { ResponseStream } from './response-stream.js';
import { StreamedResponse } from './streamed-response.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import { SessionOptionsError } from '../errors.js';
import { invocationFactory } from '../invocation/begin-invocation.js';
import { readId } from '../invocation/read-id.js';
import { runHandler } from '../invocation/scope.js';
import { loadSession } from '../lifecycle/load.js';

/** A handler that streams its response, as Lambda calls it. */
export type StreamingHandler<TEvent, TContext> = (event: TEvent, responseStream: ResponseStream, context: TContext) => Promise<void>;

/**
 * `session()` for handlers that stream their response: does what `awslambda.streamifyResponse()` does too. The handler is
 * written as ever, with `awslambda.HttpResponseStream.from(responseStream, metadata)` where it sets status or headers.
 *
 * The session id is told in the head of the response, which goes out with the first byte; from then on the session can be
 * neither regenerated nor destroyed nor replaced. The session is saved when the handler ends the stream, and the end is
 * held back until it is saved: if that fails the response fails, instead of ending as if all were well. Data of a new
 * session is to be set before the first byte if `saveUninitialized` is `false`.
 *
 * @throws SessionOptionsError at once for an option that cannot work, and outside Lambda's Node.js runtimes
 * @see https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export function streamingSession<TEvent = any, TContext = any>(
  handler: StreamingHandler<TEvent, TContext>,
  options?: SessionOptions<TEvent>,
): StreamingHandler<TEvent, TContext> {
  const beginInvocation = invocationFactory(resolveOptions(options));
  const { streamifyResponse, HttpResponseStream } = awslambda();

  return streamifyResponse(async function (this: unknown, event: TEvent, responseStream: ResponseStream, context: TContext) {
    const invocation = beginInvocation(event, context);

    await readId(invocation);
    await loadSession(invocation);
    const response = new StreamedResponse(responseStream, invocation, HttpResponseStream.from);
    await response.endOf(runHandler(invocation, () => handler.call(this, event, responseStream, context)));
  });
}

/** What Lambda's runtime puts into the global scope. */
interface AwsLambda {
  readonly HttpResponseStream: { from(stream: ResponseStream, metadata: unknown): unknown };
  streamifyResponse<T extends StreamingHandler<any, any>>(handler: T): T;
}

function awslambda(): AwsLambda {
  const found = (globalThis as { awslambda?: AwsLambda }).awslambda;
  if (found === undefined) {
    throw new SessionOptionsError('streamingSession() needs the global awslambda, which there is in Lambda\'s Node.js runtimes: elsewhere define it first');
  }
  return found;
}
