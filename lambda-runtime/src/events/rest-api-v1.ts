import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import { addMultiValueSetCookies, headOf, headerTexts, replaceHeaders, takeSetCookies, withoutHeaders } from './headers.js';
import { httpAnswer } from './http-response.js';
import type { ResponseHead } from '../transports/http-head.js';

/**
 * REST APIs with proxy integration, and HTTP APIs with payload format 1.0, which use the same.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApiV1: EventFormat = {
  isHttp: true,

  matches(event) {
    const { httpMethod, resource, requestContext } = fieldsOf(event);
    return typeof httpMethod === 'string' && typeof resource === 'string' && requestContext !== undefined;
  },

  requestHead(event) {
    const { headers, multiValueHeaders, httpMethod, path, requestContext } = fieldsOf(event);
    return { ...headOf(headers, multiValueHeaders), method: httpMethod, path: fieldsOf(requestContext).path ?? path };
  },

  answer: (result) => httpAnswer(result, addHead, sentHeader),
};

/** If a name is in both, the list: whether the single value is sent beside it depends on more than this response. */
function sentHeader({ headers, multiValueHeaders }: Fields, name: string): string[] {
  const listed = headerTexts(multiValueHeaders, name);
  return listed.length > 0 ? listed : headerTexts(headers, name);
}

/**
 * API Gateway merges the single-value headers and the lists, but of a name that is in both it may drop the single value. So
 * a header of the session is in one of them only, and the cookies are all in the list.
 */
function addHead(response: Fields, head: ResponseHead): Fields {
  const headers = replaceHeaders(response.headers, head.headers);
  const lists = withoutHeaders(response.multiValueHeaders, head.headers);
  if (head.cookies.length === 0) {
    return { ...response, headers, ...(response.multiValueHeaders !== undefined && { multiValueHeaders: lists }) };
  }
  const { cookies, others } = takeSetCookies(headers);
  return { ...response, headers: others, multiValueHeaders: addMultiValueSetCookies(lists, [...cookies, ...head.cookies]) };
}
