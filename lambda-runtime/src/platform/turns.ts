/** Runs steps one after the other, so that none begins while an earlier one is still under way. */
export class Turns {
  /** Settles once every step so far has ended; never rejects. */
  last: Promise<unknown> = Promise.resolve();

  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.last.then(step);
    this.last = result.catch(() => undefined); // the caller's to handle; who comes next is not stopped by it
    return result;
  }

  /** Has `last` wait for something that does not need a turn. */
  alongside<T>(work: Promise<T>): Promise<T> {
    this.last = Promise.allSettled([this.last, work]); // its failure is for the caller to handle
    return work;
  }
}
