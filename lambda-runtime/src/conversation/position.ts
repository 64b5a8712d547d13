import { crypto } from '../platform/node-modules.js';
import { processWide } from '../platform/process-wide.js';

/** Digits of milliseconds: enough until the year 33658. */
const TIME_DIGITS = 15;
const COUNT_DIGITS = 4;

/** Sorts after every position, and before the records of operations. */
export const AFTER_ALL_POSITIONS = ':';

/** The most conversations of which a position ahead of this process's clock is remembered. */
const MOST_AHEAD = 1000;

interface Clock {
  /** The latest time that was used, in milliseconds: it never goes back. */
  ms: number;
  /** How many positions were made at that time. */
  count: number;
  /** By conversation the latest position that was seen and lies ahead of the clock: the clocks of other functions differ. */
  readonly ahead: Map<string, number>;
}

function clock(): Clock {
  return processWide('positions', () => ({ ms: 0, count: 0, ahead: new Map() }));
}

/**
 * The position of a new entry: its time, a counter and something random. Unique; and after every position in this
 * conversation that this process has made or seen.
 */
export function nextPosition(collection: string, nowMs: number): string {
  const { ahead } = clock();
  advance(nowMs);
  const seen = ahead.get(collection);
  let time = clock().ms;
  if (seen !== undefined && seen >= time) {
    time = seen + 1;
    ahead.set(collection, time);
  }
  const count = (clock().count++).toString(36).padStart(COUNT_DIGITS, '0');
  return `${String(time).padStart(TIME_DIGITS, '0')}${count}${crypto().randomBytes(6).toString('base64url')}`;
}

/** Remembers a position that was read, if it is not in the past. */
export function notePosition(collection: string, position: string, nowMs: number): void {
  const time = Number(position.slice(0, TIME_DIGITS));
  const { ahead } = clock();
  if (time >= nowMs && time >= (ahead.get(collection) ?? 0)) {
    forgetPast(ahead, nowMs);
    ahead.set(collection, time);
  }
}

function advance(nowMs: number): void {
  const current = clock();
  if (nowMs > current.ms) {
    current.ms = nowMs;
    current.count = 0;
    forgetPast(current.ahead, nowMs);
  }
}

function forgetPast(ahead: Map<string, number>, nowMs: number): void {
  for (const [collection, time] of ahead) {
    if (time < nowMs || ahead.size > MOST_AHEAD) {
      ahead.delete(collection);
    }
  }
}
