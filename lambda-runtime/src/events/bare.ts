import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { addSetCookies, headOf, replaceHeaders } from './headers.js';
import { httpAnswer } from './http-response.js';

/** Events of no known format: `{ headers?, body? }` of a direct invocation, or anything at all, which presents no id. */
export const bare: EventFormat = {
  isHttp: false,

  matches: () => true,

  requestHead: (event) => headOf(fieldsOf(event).headers),

  answer: (result) => httpAnswer(result, (response, head) => ({
    ...response,
    headers: addSetCookies(replaceHeaders(response.headers, head.headers), head.cookies),
  })),
};
