import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equalOnceDecoded } from '../dynamodb/values/attribute-values.js';
import { toBase64 } from '../dynamodb/values/binary.js';
import { canonicalOnceDecoded } from '../dynamodb/values/numbers.js';

type Elements = readonly AttributeValue[];

/**
 * Which element of the list that a handler was given each of those that it left is, by its index; `undefined`: a new one. Those
 * that are equal are the same wherever they went, and changed ones are where they were, between the same neighbours.
 */
export function matchedElements(given: Elements, left: Elements): (number | undefined)[] {
  const matches = new Array<number | undefined>(left.length).fill(undefined);
  const shorter = Math.min(left.length, given.length);
  let front = 0;
  while (front < shorter && equalOnceDecoded(given[front], left[front])) {
    matches[front] = front;
    front++;
  }
  let back = 0;
  while (back < shorter - front && equalOnceDecoded(given.at(-1 - back), left.at(-1 - back))) {
    back++;
    matches[left.length - back] = given.length - back;
  }
  matchMoved(given, left, matches, { front, back });
  matchChanged(given, matches);
  return matches;
}

/** In time proportional to the lists: those that were given are found by what they hold. */
function matchMoved(given: Elements, left: Elements, matches: (number | undefined)[], { front, back }: { front: number; back: number }): void {
  if (front + back === Math.min(left.length, given.length)) {
    return;
  }
  const unmatched = new Map<string, number[]>();
  for (let index = given.length - back - 1; index >= front; index--) {
    const content = contentOf(given[index]);
    const equals = unmatched.get(content) ?? [];
    equals.push(index);
    unmatched.set(content, equals);
  }
  for (let index = front; index < left.length - back; index++) {
    matches[index] = unmatched.get(contentOf(left[index]))?.pop();
  }
}

/** Where as many elements are new as are missing, between two that were neighbours of both. */
function matchChanged(given: Elements, matches: (number | undefined)[]): void {
  const matched = new Set(matches);
  for (let start = 0; start < matches.length; start++) {
    let end = start;
    while (end < matches.length && matches[end] === undefined) {
      end++;
    }
    const before = start === 0 ? -1 : matches[start - 1]!;
    const after = end === matches.length ? given.length : matches[end]!;
    const missing = Array.from({ length: end - start }, (_, i) => before + 1 + i);
    if (after - before - 1 === missing.length && !missing.some((index) => matched.has(index))) {
      missing.forEach((index, i) => { matches[start + i] = index; });
    }
    start = Math.max(start, end);
  }
}

/** The same text for all that is equal once decoded. */
function contentOf(element: AttributeValue): string {
  return JSON.stringify(normalised(element));
}

function normalised({ M, L, N, NS, SS, B, BS, ...others }: AttributeValue): unknown {
  if (M !== undefined) {
    return { M: Object.keys(M).sort().map((name) => [name, normalised(M[name])]) };
  }
  if (L !== undefined) {
    return { L: L.map(normalised) };
  }
  return {
    ...others,
    N: N && canonicalOnceDecoded(N),
    NS: NS && members(NS.map(canonicalOnceDecoded)),
    SS: SS && members(SS),
    B: B && toBase64(B),
    BS: BS && members(BS.map(toBase64)),
  };
}

function members(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
