import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { addMultiValueSetCookies, multiValueHead, replaceHeaders } from './headers.js';
import { changeHttpResult, isHttpResponse } from './http-result.js';

/**
 * Application Load Balancers whose target group has multi-value headers enabled: then lists of values are all that they
 * send and read.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#enable-multi-value-headers
 */
export const albMultiValue: EventFormat = {
  matches(event) {
    const { requestContext, multiValueHeaders } = fieldsOf(event);
    return fieldsOf(requestContext).elb !== undefined && multiValueHeaders !== undefined;
  },

  requestHead: (event) => multiValueHead(fieldsOf(event).multiValueHeaders),

  respond(result, head) {
    const lists = Object.fromEntries(Object.entries(head.headers).map(([name, value]) => [name, [value]]));
    return changeHttpResult(result, isHttpResponse, (response) => ({
      ...response,
      multiValueHeaders: addMultiValueSetCookies(replaceHeaders(response.multiValueHeaders, lists), head.cookies),
    })) ?? result;
  },
};
