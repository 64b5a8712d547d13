import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { multiValueHead, replaceHeaders, singleValueHead, withoutHeaders } from './headers.js';
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
    return { header: (name) => multiple.header(name) ?? single.header(name) };
  },

  respond(result, head) {
    const changed = changeHttpResult(result, isHttpResponse, (response) => ({
      ...response,
      headers: replaceHeaders(response.headers, head.headers),
      ...(response.multiValueHeaders !== undefined && { multiValueHeaders: withoutHeaders(response.multiValueHeaders, head.headers) }),
    }));
    return changed ?? result;
  },
};
