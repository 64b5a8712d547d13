import type { ResponseHead } from '../http-head.js';
import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import { addMultiValueSetCookies, multiValueHead, replaceHeaders, singleValueHead, withoutHeaders } from './headers.js';
import { changeHttpResult, isHttpResponse } from './http-result.js';

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
    const changed = changeHttpResult(result, isHttpResponse, (response) => ({
      ...response,
      headers: replaceHeaders(response.headers, head.headers),
      ...multiValueHeaders(response, head),
    }));
    return changed ?? result;
  },
};

/** API Gateway merges them into the single-value headers, and rather takes them where both have the same. */
function multiValueHeaders(response: Fields, head: ResponseHead): Fields {
  const isNeeded = response.multiValueHeaders !== undefined || head.cookies.length > 0;
  return isNeeded
    ? { multiValueHeaders: addMultiValueSetCookies(withoutHeaders(response.multiValueHeaders, head.headers), head.cookies) }
    : {};
}
