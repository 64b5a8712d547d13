import type { Answer } from './event-format.js';
import { isFields, sentFields } from './fields.js';
import type { Fields } from './fields.js';
import { headerTexts } from './headers.js';
import type { ResponseHead } from '../transports/http-head.js';

/** A copy of a response with a head added. */
export type AddHead = (response: Fields, head: ResponseHead) => Fields;

/** The values of a header of a response that reach the client. */
export type SentHeader = (response: Fields, name: string) => string[];

const singleValue: SentHeader = ({ headers }, name) => headerTexts(headers, name);

/** The answer of a result that is an HTTP response. A text is none: gateways send it as a body, or refuse it. */
export function httpAnswer(result: unknown, addHead: AddHead, sentHeader = singleValue): Answer | undefined {
  const response = sentFields(result);
  return response !== undefined && isHttpResponse(response) ? answerOf(response, addHead, sentHeader) : undefined;
}

export function answerOf(response: Fields, addHead: AddHead, sentHeader = singleValue): Answer {
  return { response, sentHeader: (name) => sentHeader(response, name), add: (head) => addHead(response, head) };
}

/** The status code of a response; a text of three digits counts, as it does for API Gateway. */
export function statusOf({ statusCode }: Fields): number | undefined {
  const isStatus = typeof statusCode === 'number' || (typeof statusCode === 'string' && /^\d{3}$/.test(statusCode));
  return isStatus ? Number(statusCode) : undefined;
}

/**
 * Whether a result is an HTTP response: it has a status code or, as in the article, nothing but headers. Fields that are
 * named alike and hold something else are data.
 */
function isHttpResponse(fields: Fields): boolean {
  const { statusCode, headers, multiValueHeaders } = fields;
  const hasStatus = statusOf(fields) !== undefined || ((statusCode ?? undefined) === undefined && areTexts(headers));
  return hasStatus && isMissingOrFields(headers) && isMissingOrFields(multiValueHeaders);
}

function areTexts(headers: unknown): boolean {
  return isFields(headers) && Object.values(headers).every((value) => typeof value === 'string' || value === undefined);
}

export function isMissingOrFields(value: unknown): boolean {
  return value === undefined || value === null || isFields(value);
}
