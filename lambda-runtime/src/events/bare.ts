import type { Answer, EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import { addSetCookies, headOf, replaceHeaders } from './headers.js';
import { httpAnswer } from './http-response.js';
import type { ResponseHead } from '../transports/http-head.js';

/** Events of no known format: `{ headers?, body? }` of a direct invocation, or anything at all, which presents no id. */
export const bare: EventFormat = {
  isHttp: false,

  matches: () => true,

  requestHead: (event) => headOf(fieldsOf(event).headers),

  answer: textAnswer,
};

/** As in the article, the JSON text of a response is a response too, and stays text. */
function textAnswer(result: unknown): Answer | undefined {
  const parsed = parsedObject(result);
  const answer = httpAnswer(parsed ?? result, addToSingleValues);
  return parsed === undefined || answer === undefined ? answer : { ...answer, add: (head) => JSON.stringify(answer.add(head)) };
}

/** A response with a head added, where each header has one value only. */
export function addToSingleValues(response: Fields, head: ResponseHead): Fields {
  return { ...response, headers: addSetCookies(replaceHeaders(response.headers, head.headers), head.cookies) };
}

function parsedObject(text: unknown): Fields | undefined {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) {
    return undefined;
  }
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined; // a text that is not JSON is a result like any other
  }
}
