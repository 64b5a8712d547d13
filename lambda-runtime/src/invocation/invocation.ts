import type { WatchedWork } from './watched-work.js';
import type { ResolvedOptions } from '../configuration/resolve-options.js';
import { detectFormat } from '../events/detect-format.js';
import type { Connection, EventFormat } from '../events/event-format.js';
import type { SessionState } from '../session/session-state.js';
import type { StoreCallOptions } from '../stores/call-options.js';
import type { SessionRow } from '../stores/session-row.js';
import type { SessionStore } from '../stores/store.js';
import type { IdCandidate } from '../transports/transport.js';

/** What a session is loaded and saved with: the store, the options, the clock, and the time that is left. */
export interface StoreAccess {
  /** Another one from `keepUserIndex` on. */
  store: SessionStore;
  readonly options: ResolvedOptions;
  /** Epoch seconds, milliseconds as fraction. */
  readonly now: () => number;
  /** What a call that starts now may take. */
  readonly limits: () => StoreCallOptions;
}

/** The id with which an event asks for a session. */
export interface PresentedId extends IdCandidate {
  /** The keys that its row may have, the one that a new row gets first. */
  readonly keys: readonly string[];
  /** Whether a session is made of it if the store does not know it. */
  readonly isAdopted: boolean;
  /** The only row that it stands for, where that is known: a session begun again under the same key is another one. */
  readonly life?: SessionRow;
}

/** One invocation of a handler, from its event to its response. */
export class Invocation {
  readonly format: EventFormat;
  /** The WebSocket connection that the event belongs to, unless the option `sessionId` finds the session. */
  readonly connection?: Connection;
  /** The row that links the connection to a session, as it was found. */
  link?: SessionRow;
  /** The ids that the event presents, the one that counts most first. */
  candidates: readonly PresentedId[] = [];
  /** The one among them whose session was loaded or, if the store knows none, the first. */
  presented?: PresentedId;
  session!: SessionState;
  /** Whether the handler refused a WebSocket's `$connect`: the connection never opens. */
  isRefused = false;
  /** Resolves when the session that is being loaded in the place of this one has been loaded, or could not be. */
  replacement?: Promise<unknown>;
  /** Why the session must not be used: another one is still being loaded in its place, or could not be loaded. */
  unusable?: { readonly isLoading: boolean; readonly reason: unknown };
  /** What the handler started on the session, in order. */
  readonly watched: WatchedWork[] = [];
  /** Whether the session is saved or being saved: what is set from then on would be lost. */
  isSealed = false;
  /** Whether the invocation is over: nothing can be done with the session, and it cannot be read. */
  hasEnded = false;
  /** Whether the head of a streamed response has been sent: the client cannot be sent another id. */
  headIsSent = false;

  constructor(readonly event: unknown, readonly access: StoreAccess) {
    this.format = detectFormat(event);
    this.connection = access.options.sessionId === undefined ? this.format.connection?.(event) : undefined;
  }
  /** @throws why the session cannot be used at the moment, if it cannot */
  refuseWithoutSession(): void {
    if (this.unusable !== undefined) {
      throw this.unusable.reason;
    }
  }
}
