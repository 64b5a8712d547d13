import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { headOf } from './headers.js';
import { headOfPayloadV2 } from './http-api-v2.js';

/**
 * Lambda authorizers of REST, HTTP, WebSocket and AppSync APIs. Their events hold the client's headers, so they present its
 * id; but the result decides about a request and is never sent to anybody. A WebSocket's authorizer gets the request
 * context of `$connect`, and is not it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export const authorizer: EventFormat = {
  isHttp: false,

  matches(event) {
    const { methodArn, routeArn, authorizationToken, type, requestContext } = fieldsOf(event);
    return [methodArn, routeArn, authorizationToken].some((field) => typeof field === 'string')
      || (type === 'REQUEST' && requestContext !== undefined);
  },

  requestHead(event) {
    const { version, headers, multiValueHeaders } = fieldsOf(event);
    return version === '2.0' ? headOfPayloadV2(event) : headOf(headers, multiValueHeaders);
  },

  answer: () => undefined,
};
