import type { IncomingHttpHeaders } from 'node:http';

/** AWS accepts signatures within 5 minutes of its own time; like the SDK, this corrects the clock a little earlier. */
const SKEW_MS = 240_000;

/** An answer that took longer may have been waiting in a frozen sandbox, and its date with it. */
const LONGEST_ANSWER_MS = 60_000;

/** The time by this machine, corrected by the time of the server where the two are far apart. */
export class Clock {
  private offsetMs = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  /**
   * Corrects the clock by the `Date` header of an answer.
   *
   * @param sentAt what `now()` was when the request was signed
   * @param sentAtUncorrected what `Date.now()` was
   * @returns whether the request was signed with a time that was far off
   */
  correctBy(headers: IncomingHttpHeaders, sentAt: number, sentAtUncorrected: number): boolean {
    const serverTime = Date.parse(headers.date ?? '');
    const receivedAt = Date.now();
    // A cache that adds an `Age` repeats an old `Date`.
    if (Number.isNaN(serverTime) || headers.age !== undefined || receivedAt - sentAtUncorrected > LONGEST_ANSWER_MS) {
      return false;
    }
    const wasOff = Math.abs(serverTime - sentAt) >= SKEW_MS;
    if (wasOff) {
      this.offsetMs = serverTime - receivedAt;
    }
    return wasOff;
  }
}
