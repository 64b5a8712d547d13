import { isFields } from './fields.js';
import type { Fields } from './fields.js';

/**
 * Changes a result that is an HTTP response, be it an object or the JSON text of one, which stays text.
 * `undefined`: it is neither.
 */
export function changeHttpResult(
  result: unknown,
  isResponse: (fields: Fields) => boolean,
  change: (response: Fields) => Fields,
): unknown {
  if (isFields(result)) {
    return isResponse(result) ? change(result) : undefined;
  }
  const parsed = parseObject(result);
  return parsed !== undefined && isResponse(parsed) ? JSON.stringify(change(parsed)) : undefined;
}

function parseObject(text: unknown): Fields | undefined {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) {
    return undefined;
  }
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined; // a text that is not JSON is a result like any other
  }
}

/** The article's sign of an HTTP response. */
export function isHttpResponse(fields: Fields): boolean {
  return 'headers' in fields || 'statusCode' in fields;
}
