import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { account } from './account';
import { chat } from './chat';
import { page } from './page';
import { json, Refusal, type Response } from './response';
import { cookieTransport, streamingSession } from 'cdk-session-table/lambda-runtime';

/** Gets the query or the body. */
type Route = (input: any, userAgent?: string) => Response | Promise<Response>;
const routes: Readonly<Record<string, Route>> = { ...page, ...account, ...chat };

/** Answers every request to the function URL. */
export const handler = streamingSession(async (event: LambdaFunctionURLEvent, stream: awslambda.HttpResponseStream) => {
  const { body, ...head } = await responseTo(event);
  await pipeline(Readable.from(body), awslambda.HttpResponseStream.from(stream, head));
}, { transport: cookieTransport(), ttl: 30 * 60, absoluteTimeout: 12 * 60 * 60, update: true });

async function responseTo(event: LambdaFunctionURLEvent): Promise<Response> {
  try {
    const { method, path } = event.requestContext.http;
    const route = `${method} ${path}`;
    if (!Object.hasOwn(routes, route)) throw new Refusal(404, `there is no ${path}`);
    return await routes[route](method === 'POST' ? bodyOf(event) : event.queryStringParameters ?? {}, event.headers['user-agent']);
  } catch (error) {
    if (error instanceof Refusal) return json({ error: error.message }, error.statusCode);
    throw error;
  }
}

/** Other sites can make a browser send a form, but not JSON, to this one. */
function bodyOf({ headers, body = '', isBase64Encoded }: LambdaFunctionURLEvent): unknown {
  if (headers['content-type'] !== 'application/json') throw new Refusal(415, 'send JSON');
  return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body);
}
