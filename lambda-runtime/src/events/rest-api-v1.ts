import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import { addMultiValueSetCookies, multiValueHead, replaceHeaders, singleValueHead, takeSetCookies, withoutHeaders } from './headers.js';
import { changeHttpResult, isHttpResponse } from './http-result.js';
import type { ResponseHead } from '../transports/http-head.js';

/**
 * REST APIs with proxy integration, and HTTP APIs with payload format 1.0, which use the same.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApiV1: EventFormat = {
  matches(event) {
    const { httpMethod, resource, requestContext } = fieldsOf(event);
    return typeof httpMethod === 'string' && typeof resource === 'string' && requestContext !== undefined;
  },

  requestHead(event) {
    const { headers, multiValueHeaders } = fieldsOf(event);
    const single = singleValueHead(headers);
    const multiple = multiValueHead(multiValueHeaders);
    return {
      header: (name) => multiple.header(name) ?? single.header(name),
      cookies: () => (multiple.cookies().length > 0 ? multiple.cookies() : single.cookies()),
    };
  },

  respond(result, head) {
    return changeHttpResult(result, isHttpResponse, (response) => addHead(response, head)) ?? result;
  },
};

/**
 * API Gateway merges the single-value headers and the lists, but of a name that is in both it may drop the single value. So
 * a header of the session is in one of them only, and the cookies are all in the list.
 */
function addHead(response: Fields, head: ResponseHead): Fields {
  const headers = replaceHeaders(response.headers, head.headers);
  if (head.cookies.length === 0) {
    const lists = response.multiValueHeaders;
    return { ...response, headers, ...(lists !== undefined && { multiValueHeaders: withoutHeaders(lists, head.headers) }) };
  }
  const { cookies, others } = takeSetCookies(headers);
  const lists = withoutHeaders(response.multiValueHeaders, head.headers);
  return { ...response, headers: others, multiValueHeaders: addMultiValueSetCookies(lists, [...cookies, ...head.cookies]) };
}
