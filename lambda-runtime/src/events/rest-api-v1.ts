import type { Answer, EventFormat } from './event-format.js';
import { fieldsOf, sentFields } from './fields.js';
import type { Fields } from './fields.js';
import { addMultiValueSetCookies, headOf, headerTexts, replaceHeaders, takeSetCookies, withoutHeaders } from './headers.js';
import { answerOf, httpAnswer, isMissingOrFields } from './http-response.js';
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

  answer: (result) => httpAnswer(result, addHead, sentHeader) ?? answerWithoutStatus(result),
};

const FIELDS_OF_RESPONSE = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/** Whether API Gateway takes its status as 200 or refuses it, AWS does not say: an id does no harm either way. */
function answerWithoutStatus(result: unknown): Answer | undefined {
  const response = sentFields(result);
  if (response === undefined) {
    return undefined;
  }
  const { statusCode, headers, multiValueHeaders, body } = response;
  const names = Object.keys(response);
  const isResponse = names.length > 0 && names.every((name) => FIELDS_OF_RESPONSE.includes(name)) && (statusCode ?? undefined) === undefined
    && isMissingOrFields(headers) && isMissingOrFields(multiValueHeaders) && typeof (body ?? '') === 'string';
  return isResponse ? answerOf(response, addHead, sentHeader) : undefined;
}

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
