import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import { asTexts, replaceHeaders, singleValueHead, takeSetCookies } from './headers.js';
import { changeHttpResult } from './http-result.js';
import type { ResponseHead } from '../transports/http-head.js';

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
    const changed = changeHttpResult(result, ({ statusCode }) => statusCode !== undefined, (response) => addHead(response, head));
    return changed ?? addHead(inferResponse(result), head);
  },
};

/** Cookies belong into `cookies`; whether one in a header is sent beside them, AWS does not say. */
function addHead(response: Fields, head: ResponseHead): Fields {
  const headers = replaceHeaders(response.headers, head.headers);
  if (head.cookies.length === 0) {
    return { ...response, headers };
  }
  const { cookies, others } = takeSetCookies(headers);
  return { ...response, headers: others, cookies: [...asTexts(response.cookies), ...cookies, ...head.cookies] };
}

/** The response that API Gateway makes of a result without `statusCode`: all of it is the body. */
function inferResponse(result: unknown): Fields {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : JSON.stringify(result ?? null),
    isBase64Encoded: false,
  };
}
