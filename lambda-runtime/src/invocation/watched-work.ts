/** Something that a handler started, and what it was given to wait for it. */
export interface WatchedWork {
  readonly work: Promise<unknown>;
  readonly given: HandedPromise<unknown>;
}

interface Watcher {
  /** What the handler started, in order. */
  readonly watched: WatchedWork[];
}

/**
 * Starts work on the session for a handler. If it fails and the handler does not look at its promise, the invocation fails,
 * and not the process by an unhandled rejection, which would hit the next invocation.
 */
export function watchedWork<T>(invocation: Watcher, start: () => Promise<T>): Promise<T> {
  const work = start();
  const given = new HandedPromise<T>((resolve) => resolve(work));
  void Promise.prototype.then.call(given, undefined, () => undefined);
  invocation.watched.push({ work, given });
  return given;
}

/** @throws what the first work failed with that the handler did not look at */
export async function refuseUnseenFailure({ watched }: Watcher): Promise<void> {
  for (const { work, given } of watched) {
    try {
      await work;
    } catch (reason) {
      if (!given.isSeen) {
        throw reason;
      }
    }
  }
}

/** A promise that knows whether anybody waits for it. */
class HandedPromise<T> extends Promise<T> {
  /** What `then` returns is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  isSeen = false;

  override then<A = T, B = never>(
    onDone?: ((value: T) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isSeen = true;
    return super.then(onDone, onFailed);
  }
}
