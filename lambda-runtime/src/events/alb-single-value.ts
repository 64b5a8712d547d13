import { addToSingleValues } from './bare.js';
import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { headOf } from './headers.js';
import { httpAnswer } from './http-response.js';

/**
 * Application Load Balancers as they are unless multi-value headers are enabled: each header has one value; if there are
 * several, the last. Several cookies in a response need several spellings of `Set-Cookie`, as in the bare format.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const albSingleValue: EventFormat = {
  isHttp: true,

  matches: (event) => fieldsOf(fieldsOf(event).requestContext).elb !== undefined,

  requestHead(event) {
    const { headers, httpMethod, path } = fieldsOf(event);
    return { ...headOf(headers), method: httpMethod, path };
  },

  answer: (result) => httpAnswer(result, addToSingleValues),
};
