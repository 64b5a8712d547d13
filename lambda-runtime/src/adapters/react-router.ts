/** @module react-router */

import { SessionError, keptSessions } from '../index.js';
import type { KeptSession, SessionKeepingOptions } from '../index.js';

const A_DAY = 24 * 60 * 60;

/**
 * What is used of React Router's `SessionStorage`.
 *
 * @example
 * ```ts
 * import type { ReactRouterSessionStorage } from 'cdk-session-table/lambda-runtime/react-router';
 *
 * async function userOf(storage: ReactRouterSessionStorage, request: Request): Promise<string | undefined> {
 *   return (await storage.getSession(request.headers.get('cookie'))).get('user');
 * }
 * ```
 */
export interface ReactRouterSessionStorage {
  getSession(cookieHeader?: string | null, options?: any): Promise<any>;
  commitSession(session: any, options?: any): Promise<string>;
  destroySession(session: any, options?: any): Promise<string>;
}

/** What React Router's `createSessionStorage` takes. */
interface Strategy {
  readonly cookie: unknown;
  createData(data: unknown, expires?: Date): Promise<string>;
  readData(id: string): Promise<any>;
  updateData(id: string, data: unknown, expires?: Date): Promise<void>;
  deleteData(id: string): Promise<void>;
}

/**
 * Options of `session()` that make sense beside React Router's cookie, and what is React Router's.
 *
 * @example
 * ```ts
 * import { createSessionStorage } from 'react-router';
 * import { createSessionTableStorage } from 'cdk-session-table/lambda-runtime/react-router';
 * import type { SessionTableStorageOptions } from 'cdk-session-table/lambda-runtime/react-router';
 *
 * type Storage = ReturnType<typeof createSessionStorage>;
 * const options: SessionTableStorageOptions<Storage> = { createSessionStorage, ttl: 24 * 60 * 60 };
 * const storage = createSessionTableStorage(options);
 * ```
 */
export interface SessionTableStorageOptions<TStorage extends ReactRouterSessionStorage> extends SessionKeepingOptions {
  /** React Router's own function, so that this package need not depend on it. */
  readonly createSessionStorage: (strategy: any) => TStorage;

  /**
   * The cookie, as of React Router's `createSessionStorage`: one made by `createCookie`, or its options.
   *
   * @default React Router's: `__session`, not signed
   */
  readonly cookie?: unknown;

  /**
   * Whole seconds until a session expires whose cookie has neither `maxAge` nor `expires`; counted from its last commit.
   *
   * @default 86400, a day
   */
  readonly ttl?: number;
}

/**
 * A session storage for React Router 7 on the session table:
 * `const { getSession, commitSession, destroySession } = createSessionTableStorage({ createSessionStorage, cookie })`.
 *
 * A commit writes what was changed since `getSession`, flash messages included, so that requests that change different fields
 * of one session do not overwrite each other. A session that was destroyed meanwhile is not recreated, and an id that the table
 * does not know is not adopted: `getSession` then returns a session that gets a fresh id.
 *
 * `commitSession` rejects with a `SessionConflictError` for changes to a session that was destroyed, all of them with a
 * `SessionStoreError` if the store fails.
 *
 * @example
 * ```ts
 * import { createCookie, createSessionStorage } from 'react-router';
 * import { createSessionTableStorage } from 'cdk-session-table/lambda-runtime/react-router';
 *
 * export const { getSession, commitSession, destroySession } = createSessionTableStorage({
 *   createSessionStorage,
 *   cookie: createCookie('__Host-app-session', { secure: true, httpOnly: true, sameSite: 'lax', path: '/' }),
 *   ttl: 24 * 60 * 60,
 * });
 * ```
 *
 * @throws SessionOptionsError immediately for an invalid option
 */
export function createSessionTableStorage<TStorage extends ReactRouterSessionStorage>(options: SessionTableStorageOptions<TStorage>): TStorage {
  const { createSessionStorage, cookie, ...others } = options;
  const sessions = keptSessions('createSessionTableStorage', { ttl: A_DAY, ...others });
  const keptBySession = new WeakMap<object, KeptSession>();

  /** React Router's storage for one call. */
  const storage = (own: Partial<Strategy>) => createSessionStorage({ cookie, ...UNUSED, ...own });
  const checked = storage({}); // so that a wrong cookie fails immediately

  const own: ReactRouterSessionStorage = {
    async getSession(cookieHeader, cookieOptions) {
      let kept: KeptSession | undefined;
      const readData = async (id: string) => (kept = await sessions.load(id))?.data;
      const session = await storage({ readData }).getSession(cookieHeader, cookieOptions);
      if (kept === undefined) {
        return checked.getSession(null);
      }
      keptBySession.set(session, kept);
      return session;
    },

    commitSession(session, cookieOptions) {
      const save = async (data: unknown, expires: Date | undefined) => {
        const kept = keptBySession.get(session) ?? sessions.begin();
        await kept.save(data, secondsUntil(expires));
        keptBySession.set(session, kept);
        return kept.id;
      };
      return storage({
        createData: save,
        async updateData(_id, data, expires) {
          if (!keptBySession.has(session)) {
            throw new SessionError('commitSession() takes sessions that getSession() of the same storage returned: an id from elsewhere is not adopted');
          }
          await save(data, expires);
        },
      }).commitSession(session, cookieOptions);
    },

    async destroySession(session, cookieOptions) {
      const id: string = keptBySession.get(session)?.id ?? session.id;
      if (id !== '') {
        await sessions.destroy(id);
      }
      return storage({ deleteData: async () => undefined }).destroySession(session, cookieOptions);
    },
  };
  return own as TStorage;
}

/** React Router calls none of these where the storage of a call does not have its own. */
const UNUSED = {
  createData: unexpected,
  readData: async () => null,
  updateData: unexpected,
  deleteData: unexpected,
};

async function unexpected(): Promise<never> {
  throw new SessionError('React Router called its session storage in a way that createSessionTableStorage() does not know: please report the version of react-router');
}

/** Whole seconds; 0: the cookie has no expiry. */
function secondsUntil(expires: Date | undefined): number {
  return expires === undefined ? 0 : Math.max(1, Math.ceil((expires.getTime() - Date.now()) / 1000));
}
