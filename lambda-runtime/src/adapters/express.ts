/** @module express */

import { Store } from 'express-session';
import type { SessionData } from 'express-session';
import { keptSessions } from '../index.js';
import type { KeptSession, SessionKeepingOptions } from '../index.js';

type Callback = (error?: unknown) => void;
/** A request as far as express-session's own methods look at it. */
type Request = Parameters<Store['createSession']>[0];

const A_DAY = 24 * 60 * 60;

/** Under this name the data that a store hands out leads to what it was loaded from. A function, since those are part of no data. */
const LOADED = 'loadedFromSessionTable';

/**
 * Options of `session()` that make sense beside those of express-session, which has its own for the id and the cookie.
 *
 * @example
 * ```ts
 * import { SessionTableStore } from 'cdk-session-table/lambda-runtime/express';
 * import type { SessionTableStoreOptions } from 'cdk-session-table/lambda-runtime/express';
 *
 * const options: SessionTableStoreOptions = { ttl: 24 * 60 * 60, hashIds: true };
 * const store = new SessionTableStore(options);
 * ```
 */
export interface SessionTableStoreOptions extends SessionKeepingOptions {
  /**
   * Whole seconds until an unused session expires whose cookie has no expiry of its own.
   *
   * @default 86400, a day
   */
  readonly ttl?: number;
}

/**
 * A store for express-session and `@fastify/session` on the session table:
 * `session({ store: new SessionTableStore(), secret, resave: false, saveUninitialized: false })`.
 *
 * It remembers what it handed out to a request and writes what that request changed, so that requests that change different
 * fields of one session do not overwrite each other, and a session that was destroyed during a request is not recreated: saving
 * changes to it fails with a `SessionConflictError`.
 *
 * The cookie's expiry is the session's. An unchanged session is renewed once a tenth of it, or `touchAfter`, has passed.
 *
 * @example
 * ```ts
 * import session from 'express-session';
 * import { SessionTableStore } from 'cdk-session-table/lambda-runtime/express';
 *
 * const withSession = session({
 *   store: new SessionTableStore({ ttl: 24 * 60 * 60 }), secret: process.env.SESSION_SECRET!, resave: false, saveUninitialized: false,
 * });
 * ```
 *
 * @throws SessionOptionsError immediately for an invalid option
 */
export class SessionTableStore extends Store {
  readonly #sessions: ReturnType<typeof keptSessions>;
  /** By the session object of a request. */
  readonly #kept = new WeakMap<object, KeptSession>();

  constructor(options: SessionTableStoreOptions = {}) {
    super();
    this.#sessions = keptSessions('SessionTableStore', { ttl: A_DAY, ...options });
  }

  override get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    this.#sessions.load(sid).then((kept) => callback(null, kept === undefined ? null : handedOut(kept)), callback);
  }

  override createSession(request: Request, data: SessionData): ReturnType<Store['createSession']> {
    const kept = keptIn(data);
    delete (data as SessionData & { [LOADED]?: unknown })[LOADED];
    const session = super.createSession(request, data);
    if (kept !== undefined) {
      this.#kept.set(session, kept);
    }
    return session;
  }

  override set(sid: string, session: SessionData, callback: Callback = () => undefined): void {
    const kept = this.#keptFor(sid, session);
    settle(kept.save(storedData(session), secondsLeft(session)), callback);
  }

  override touch(sid: string, session: SessionData, callback: Callback = () => undefined): void {
    settle(this.#keptFor(sid, session).renew(secondsLeft(session)), callback);
  }

  override destroy(sid: string, callback: Callback = () => undefined): void {
    settle(this.#sessions.destroy(sid), callback);
  }

  /** Fails: it would read the whole table. */
  override all(callback: (error: unknown) => void): void {
    callback(new Error('SessionTableStore has no all(): it would read, and bill, the whole table'));
  }

  /** Fails: it would read the whole table. */
  override length(callback: (error: unknown) => void): void {
    callback(new Error('SessionTableStore has no length(): it would read, and bill, the whole table; its metrics are in CloudWatch'));
  }

  /** Fails: it would read the whole table. */
  override clear(callback: Callback = () => undefined): void {
    callback(new Error('SessionTableStore has no clear(): it would read and delete the whole table; delete the table, or let the sessions expire'));
  }

  /** What the session was loaded as, or will be created as; another id is another session. */
  #keptFor(sid: string, session: SessionData): KeptSession {
    const known = this.#kept.get(session) ?? keptIn(session);
    const kept = known?.id === sid ? known : this.#sessions.begin(sid);
    this.#kept.set(session, kept);
    return kept;
  }
}

/** Calls back outside the promise, so that an error of the callback's is not taken for the store's. */
function settle(work: Promise<void>, callback: Callback): void {
  work.then(() => setImmediate(callback), (error) => setImmediate(callback, error));
}

/** The data as the framework expects it: its cookie with the expiry that the session has by now. */
function handedOut(kept: KeptSession): SessionData {
  const { cookie, ...data } = kept.data as { cookie: object };
  const expires = kept.expiresAt === undefined ? undefined : new Date(kept.expiresAt * 1000);
  return { ...data, cookie: { expires, ...cookie }, [LOADED]: () => kept } as unknown as SessionData;
}

function keptIn(data: object): KeptSession | undefined {
  const loaded = (data as Partial<Record<string, unknown>>)[LOADED];
  return typeof loaded === 'function' ? loaded() as KeptSession : undefined;
}

/** The expiry of a cookie is the row's; kept with the data it would be a change in every request. */
function storedData(session: SessionData): object {
  const { cookie, [LOADED]: _, ...data } = session as SessionData & { readonly [LOADED]?: unknown };
  const { expires, originalExpires, ...others } = cookieData(cookie);
  return { ...data, cookie: { ...others, ...(expires ? {} : { expires: null }) } };
}

function cookieData(cookie: object): Record<string, unknown> {
  return 'toJSON' in cookie && typeof cookie.toJSON === 'function' ? cookie.toJSON() : { ...cookie };
}

/** The cookie's, in whole seconds; 0: it has no expiry. */
function secondsLeft({ cookie: { expires } }: SessionData): number {
  return expires ? Math.max(1, Math.ceil((new Date(expires).getTime() - Date.now()) / 1000)) : 0;
}
