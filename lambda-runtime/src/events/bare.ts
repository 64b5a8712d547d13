import type { EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { addSetCookies, replaceHeaders, singleValueHead } from './headers.js';
import { changeHttpResult, isHttpResponse } from './http-result.js';

/** Events of no known format: `{ headers?, body? }` of a direct invocation, or anything at all, which presents no id. */
export const bare: EventFormat = {
  matches: () => true,

  requestHead: (event) => singleValueHead(fieldsOf(event).headers),

  respond(result, head) {
    return changeHttpResult(result, isHttpResponse, (response) => ({
      ...response,
      headers: addSetCookies(replaceHeaders(response.headers, head.headers), head.cookies),
    })) ?? result;
  },
};
