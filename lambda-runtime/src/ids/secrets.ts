import { SessionOptionsError } from '../errors.js';

/**
 * Secrets that are kept elsewhere, such as in Secrets Manager or Parameter Store. Called during init, and again by the first
 * invocation after five minutes; if that fails, the secrets of before are used on, with a warning.
 *
 * @example
 * ```ts
 * import { cookieTransport } from 'cdk-session-table/lambda-runtime';
 * import type { SessionSecretSource } from 'cdk-session-table/lambda-runtime';
 *
 * declare function readParameter(name: string): Promise<string>;
 *
 * const secrets: SessionSecretSource = async () => [await readParameter('/session/secret')];
 * const transport = cookieTransport({ secrets });
 * ```
 */
export type SecretSource = () => string | readonly string[] | Promise<string | readonly string[]>;

/** The secrets in use: the first one makes, all of them verify. */
export interface Secrets {
  /**
   * Where they come from a function: waits until they are there and not older than five minutes. Rejects with the error of a source
   * that has not succeeded yet.
   */
  readonly prepare?: () => Promise<void>;
  /** @throws SessionOptionsError before `prepare` has succeeded once, where they come from a function */
  current(): readonly string[];
}

const REFRESH_AFTER_MS = 5 * 60 * 1000;

const FEWEST_BYTES = 32;

/** @throws SessionOptionsError if one of them is too short */
export function secretsOf(name: string, given: string | readonly string[] | SecretSource): Secrets {
  if (typeof given === 'function') {
    return fromSource(name, given);
  }
  const list = checked(name, given);
  return { current: () => list };
}

function fromSource(name: string, source: SecretSource): Secrets {
  let list: readonly string[] | undefined;
  let loadedAt = 0;

  const load = async () => {
    const startedAt = Date.now();
    list = checked(name, await source());
    loadedAt = startedAt;
  };
  const refresh = async () => {
    try {
      await load();
    } catch (error) {
      if (list === undefined) {
        throw error;
      }
      console.warn(`cdk-session-table: the ${name} could not be loaded again (${(error as Error | undefined)?.name}); the former ones stay in use`);
      loadedAt = Date.now();
    }
  };
  const duringInit = load().catch(() => undefined); // the first invocation tries again, and fails if that fails too
  let refreshing: Promise<void> | undefined;

  return {
    current() {
      if (list === undefined) {
        throw new SessionOptionsError(`the ${name} have not been loaded yet`);
      }
      return list;
    },
    async prepare() {
      await duringInit;
      if (list === undefined || Date.now() - loadedAt > REFRESH_AFTER_MS) {
        refreshing ??= refresh().finally(() => { refreshing = undefined; });
        await refreshing;
      }
    },
  };
}

function checked(name: string, given: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) {
    throw new SessionOptionsError(`${name} must not be an empty list; leave it out if there are none`);
  }
  for (const secret of list) {
    const bytes = typeof secret === 'string' ? Buffer.byteLength(secret) : 0;
    if (bytes < FEWEST_BYTES) {
      throw new SessionOptionsError(`${name}: each must be a text of at least ${FEWEST_BYTES} bytes, got one of ${bytes}`);
    }
  }
  return list as readonly string[];
}
