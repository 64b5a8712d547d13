import { ambientSession, session } from './index.js';
import type { AmbientSession, SessionOptions } from './index.js';

/** What is used of a request of middy's. */
export interface MiddyRequest {
  readonly event: unknown;
  readonly context: unknown;
  response: unknown;
  readonly error: unknown;
}

/** A middleware object of middy's. */
export interface SessionMiddleware {
  before(request: MiddyRequest): Promise<void>;
  after(request: MiddyRequest): Promise<void>;
  onError(request: MiddyRequest): Promise<void>;
}

/** A session that is open while middy runs the handler. */
interface OpenSession {
  readonly ambient: AmbientSession;
  /** What the handler makes of it: its response or its error. */
  readonly outcome: Deferred<unknown>;
  /** The response with the session id, when the session is saved. */
  readonly response: Promise<unknown>;
}

/**
 * `session()` as a middleware of middy: `middy(handler).use(sessions({ update: true }))`. The session functions work in the
 * handler and in the middlewares that are used after this one; what those do to the response comes before the id is written.
 *
 * Use it first, as middy does not tell it of a request that another middleware answers early: nothing is saved then.
 *
 * @throws SessionOptionsError at once for an option that cannot work
 */
export function sessions(options: SessionOptions = {}): SessionMiddleware {
  const withSession = session(options);
  const open = new WeakMap<MiddyRequest, OpenSession>();

  return {
    async before(request) {
      const ambient = ambientSession();
      const loaded = new Deferred<void>();
      const outcome = new Deferred<unknown>();
      const response = withSession(() => {
        ambient.fill();
        loaded.resolve();
        return outcome.promise;
      })(request.event, request.context);
      open.set(request, { ambient, outcome, response });
      await Promise.race([loaded.promise, response]);
    },

    async after(request) {
      const { ambient, outcome, response } = open.get(request)!;
      outcome.resolve(request.response);
      try {
        request.response = await response;
      } finally {
        ambient.empty();
      }
    },

    /** Also called when `before` or `after` failed, or `before` of a middleware that is used earlier. */
    async onError(request) {
      const { ambient, outcome, response } = open.get(request) ?? {};
      outcome?.reject(request.error);
      await Promise.allSettled([outcome?.promise, response]);
      ambient?.empty();
    },
  };
}

class Deferred<T> {
  resolve!: (value: T) => void;
  reject!: (reason: unknown) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}
