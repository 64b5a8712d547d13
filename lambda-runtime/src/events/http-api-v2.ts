import type { Answer, EventFormat } from './event-format.js';
import { fieldsOf, sentFields, textsOf } from './fields.js';
import type { Fields } from './fields.js';
import { headOf, replaceHeaders, takeSetCookies } from './headers.js';
import { answerOf, httpAnswer } from './http-response.js';
import type { RequestHead, ResponseHead } from '../transports/http-head.js';

/**
 * HTTP APIs with payload format 2.0, and function URLs, which use the same.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiV2: EventFormat = {
  isHttp: true,

  matches(event) {
    const { version, requestContext } = fieldsOf(event);
    return version === '2.0' && fieldsOf(requestContext).http !== undefined;
  },

  requestHead: headOfPayloadV2,

  answer: (result) => inferredAnswer(result) ?? httpAnswer(result, addHead),
};

/** The head of a request in payload format 2.0: cookies in a list; emulators send an empty one beside a header. */
export function headOfPayloadV2(event: unknown): RequestHead {
  const { cookies, headers, requestContext, rawPath } = fieldsOf(event);
  const http = fieldsOf(fieldsOf(requestContext).http);
  const head = headOf(headers);
  const listed = textsOf(cookies);
  return {
    header: head.header,
    cookies: () => (listed.length > 0 ? listed : head.cookies()),
    method: http.method,
    path: http.path ?? rawPath,
    joinsHeaders: true,
  };
}

/** Cookies belong into `cookies`; whether one in a header is sent beside them, AWS does not say. */
function addHead(response: Fields, head: ResponseHead): Fields {
  const headers = replaceHeaders(response.headers, head.headers);
  if (head.cookies.length === 0) {
    return { ...response, headers };
  }
  const { cookies, others } = takeSetCookies(headers);
  return { ...response, headers: others, cookies: [...textsOf(response.cookies), ...cookies, ...head.cookies] };
}

/** The response that API Gateway makes of a text, and of anything else without `statusCode`: all of it is the body, headers included. */
function inferredAnswer(result: unknown): Answer | undefined {
  if ((sentFields(result)?.statusCode ?? undefined) !== undefined) {
    return undefined; // a response, or something that API Gateway refuses
  }
  const response = {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : JSON.stringify(result ?? null),
    isBase64Encoded: false,
  };
  return answerOf(response, addHead);
}
