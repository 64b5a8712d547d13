import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import { asTexts, replaceHeaders, singleValueHead } from './headers.js';
import { changeHttpResult } from './http-result.js';

/**
 * HTTP APIs with payload format 2.0, and function URLs, which use the same.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiV2: EventFormat = {
  matches(event) {
    const { version, requestContext } = fieldsOf(event);
    return version === '2.0' && fieldsOf(requestContext).http !== undefined;
  },

  requestHead(event) {
    const { cookies, headers } = fieldsOf(event);
    const head = singleValueHead(headers);
    return { header: head.header, cookies: () => (Array.isArray(cookies) ? asTexts(cookies) : head.cookies()) };
  },

  respond(result, head) {
    const addHead = (response: Fields) => ({
      ...response,
      headers: replaceHeaders(response.headers, head.headers),
      ...(head.cookies.length > 0 && { cookies: [...asTexts(response.cookies), ...head.cookies] }),
    });
    return changeHttpResult(result, (fields) => 'statusCode' in fields, addHead) ?? addHead(inferResponse(result));
  },
};

/** The response that API Gateway makes of a result without `statusCode`: all of it is the body. */
function inferResponse(result: unknown): Fields {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : JSON.stringify(result ?? null),
    isBase64Encoded: false,
  };
}
