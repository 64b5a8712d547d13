import type { StandardSchema } from './schema.js';
import type { SessionRow } from '../stores/session-row.js';

/** What is known about a session when it comes into the hands of an invocation. */
export interface SessionOrigin {
  readonly id: string;
  /** The key of its row. */
  readonly key: string;
  /** Whether nobody else can know the id yet, so that any row of it is of this invocation's own making. */
  readonly idIsFresh: boolean;
  /** When it was loaded, in epoch seconds. */
  readonly loadedAt: number;
  /** The live row that was loaded; none: the session is new. */
  readonly row?: SessionRow;
  /** The keys that the presented ids lead to: a logout ends the sessions there. */
  readonly presentedKeys?: readonly string[];
  /** The row under such a key, if this invocation cannot use it: expired, moved, or with data that the schema refuses. */
  readonly unusableRow?: SessionRow;
  /** Whether a new session is stored only if data is set, whatever the options say. */
  readonly needsData?: boolean;
  /** What the data must be. */
  readonly schema?: StandardSchema;
  /** Whether a client can come back to it. Else a new session is not worth a row. */
  readonly isReachable?: boolean;
}
