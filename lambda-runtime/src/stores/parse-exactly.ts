import { isExactNumber } from '../dynamodb/values/numbers.js';

/** A string or a number: what looks like a number within a string is part of the string. */
const STRINGS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON in which a number that JavaScript would round becomes `{ "$number": "…" }`, which `fromPlainJson` reads to the
 * last digit.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseExactly(json: string): unknown {
  return JSON.parse(json.replace(STRINGS_AND_NUMBERS, (token) => (
    token.startsWith('"') || isExactNumber(token) ? token : JSON.stringify({ $number: token })
  )));
}
