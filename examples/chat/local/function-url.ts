import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { StreamedHttpResponse } from './streamed-http-response';
import { eventOf } from '../../../lambda-runtime/src/testing/test-request';
import type { LocalLambda } from '../../../test/fixtures/lambda-runtime-api';

/**
 * A function URL on this machine, with the invoke mode `RESPONSE_STREAM`. As on AWS, a sandbox has one request at a time, and a
 * request that finds none idle starts another.
 */
export function functionUrl(startSandbox: () => Promise<LocalLambda>) {
  const idle: LocalLambda[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = await eventFrom(request);
    const sandbox = idle.pop() ?? await startSandbox();
    const streamed = new StreamedHttpResponse(response);
    await sandbox.invoke(event, { onPart: (part) => streamed.add(part) });
    idle.push(sandbox); // one whose invocation failed may be broken
    response.end();
  }

  return createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      console.error(error.message);
      // After the head, all that shows the failure is that the response breaks off.
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'application/json' }).end('{"error":"The function failed."}');
    });
  });
}

async function eventFrom(request: IncomingMessage): Promise<Record<string, unknown>> {
  const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
  const { cookie, ...headers } = request.headers as Record<string, string>;
  return {
    ...eventOf({ method: request.method, path: pathname, query: Object.fromEntries(searchParams), headers, body: await text(request) }, 'http-api-v2'),
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
  };
}
