import { bare } from './bare.js';
import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';

/**
 * Application Load Balancers as they are unless multi-value headers are enabled: each header has one value, of several the
 * last. Apart from how the events are told, that is the bare format. Several cookies in a response need several spellings
 * of `Set-Cookie`.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const albSingleValue: EventFormat = {
  ...bare,
  matches: (event) => fieldsOf(fieldsOf(event).requestContext).elb !== undefined,
};
