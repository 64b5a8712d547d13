import type { IdCandidate } from './transport.js';

/*
 * A cookie that ends says itself when it must be sent again, and for how long: the session can be renewed without it, by a
 * function that sends no cookies or other ones, or by one whose answer is lost. Both follow the id after a space, which no id contains.
 */

/** The part of a cookie's time after which it is sent again even if the session is not renewed. */
const DUE_AFTER = 1 / 5;

const RADIX = 36;

/** The id with the time at which its cookie is due, if that ends: `age` in seconds. */
export function timed(id: string, age: number | undefined): string {
  return age === undefined ? id : `${id} ${Math.floor(nowInSeconds() + age * DUE_AFTER).toString(RADIX)}-${age.toString(RADIX)}`;
}

/**
 * A candidate whose id is what `timed` made. Without a time, a cookie that must end is due; so it is with one that cannot be, which
 * a client can write into a cookie that is not signed.
 */
export function readTimed({ id: value, isOutdated }: IdCandidate): IdCandidate {
  const [, id = value, dueAt = '', age = ''] = /^(\S+) ([\da-z]+)-([\da-z]+)$/.exec(value) ?? [];
  const keptFor = parseInt(age, RADIX);
  return Number.isSafeInteger(keptFor) && keptFor > 0
    ? { id, isOutdated, isDue: parseInt(dueAt, RADIX) <= nowInSeconds(), keptFor }
    : { id, isOutdated, isDue: true };
}

function nowInSeconds(): number {
  return Date.now() / 1000;
}
