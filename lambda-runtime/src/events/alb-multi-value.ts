import type { EventFormat } from './event-format.js';
import { fieldsOf, isFields } from './fields.js';
import { addMultiValueSetCookies, headOf, headerTexts, replaceHeaders } from './headers.js';
import { httpAnswer } from './http-response.js';

/**
 * Application Load Balancers whose target group has multi-value headers enabled: then lists of values are all that they
 * send and read.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#enable-multi-value-headers
 */
export const albMultiValue: EventFormat = {
  isHttp: true,

  matches(event) {
    const { requestContext, multiValueHeaders } = fieldsOf(event);
    return fieldsOf(requestContext).elb !== undefined && isFields(multiValueHeaders);
  },

  requestHead(event) {
    const { headers, multiValueHeaders, httpMethod, path } = fieldsOf(event);
    return { ...headOf(headers, multiValueHeaders), method: httpMethod, path };
  },

  answer: (result) => httpAnswer(result, (response, head) => {
    const lists = Object.fromEntries(Object.entries(head.headers).map(([name, value]) => [name, [value]]));
    return { ...response, multiValueHeaders: addMultiValueSetCookies(replaceHeaders(response.multiValueHeaders, lists), head.cookies) };
  }, ({ multiValueHeaders }, name) => headerTexts(multiValueHeaders, name)),
};
