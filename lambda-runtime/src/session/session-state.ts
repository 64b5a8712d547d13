import { HandlerData } from './handler-data.js';
import type { PendingChanges } from './handler-data.js';
import type { StandardSchema } from './schema.js';
import type { SessionOrigin } from './session-origin.js';
import type { SignedIn } from './signed-in.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { SessionError } from '../errors.js';
import { correlationHash } from '../ids/session-id.js';
import { inspect } from '../platform/node-modules.js';
import { Turns } from '../platform/turns.js';
import type { SessionRow } from '../stores/session-row.js';

export const NO_DATA: AttributeValue = { NULL: true };

/** What a save makes of a session, as far as it concerns what is sent to the client. */
export type SaveOutcome = Pick<SessionState, 'isStored' | 'expiryMoved'>;

/** A session in memory, in the hands of one invocation. Does no I/O. */
export class SessionState {
  readonly isNew: boolean;
  readonly loadedAt: number;
  /** Whether a client can come back to it: else, if it is new, it is not stored whatever was set. */
  isReachable: boolean;
  /** The row as far as it is known: what data is compared with, and what writes are conditioned on. */
  row?: SessionRow;
  readonly unusableRow?: SessionRow;
  readonly needsData: boolean;
  /** The keys under which a row of this session may be, or of another one that was presented beside it: what `destroy` deletes. */
  readonly possibleKeys: Set<string>;
  /** Those of them that nobody has looked up: there may be something else than a session. */
  uncheckedKeys: readonly string[] = [];
  idIsFresh: boolean;
  /** Whether it is worth a row although nothing was set: not where nobody could learn its id. */
  isWorthAnEmptyRow = true;
  /** When this life of it began, once that is known to the store. */
  createdAt?: AttributeValue;
  /** Whether the store has the session, as far as is known: only then does the client receive its id. */
  isStored: boolean;
  isDestroyed = false;
  /** Saves it under another id, since `regenerate`. */
  saveUnderNewId?: () => Promise<void>;
  /** The row as it was before another invocation moved it to another key, with what this invocation has committed since. */
  leftBehind?: SessionRow;
  /** The row as it is where another invocation has moved it. */
  movedTo?: SessionRow;
  /** Whether a streamed response began without its id, as there was nothing to save: then nothing may be saved later either. */
  headLacksId = false;
  /** Whether the expiry must be renewed even if it is not due. */
  isTouched = false;
  /** Whether the answer sends the client its id again although the session is unchanged. */
  isSentAgain?: () => boolean;
  /** Whether this invocation gave the row another expiry. */
  expiryMoved = false;
  /** The updates under way, one after the other, and `destroy`. */
  readonly updates = new Turns();
  /** The data in the hands of the handler, counted from `row`. */
  handled: HandlerData;
  /** What `signIn` changes in its row. */
  signedIn?: SignedIn;
  /** The id of its log of conversations, once an append of this invocation has asked for it. */
  logId?: Promise<string>;

  readonly #schema?: StandardSchema;
  #id: string;
  #key: string;

  constructor({ id, key, idIsFresh, loadedAt, row, presentedKeys = [], unusableRow, needsData = false, schema, isReachable = true }: SessionOrigin) {
    this.#id = id;
    this.#key = key;
    this.#schema = schema;
    this.idIsFresh = idIsFresh;
    this.loadedAt = loadedAt;
    this.row = row;
    this.createdAt = row?.created_at;
    this.unusableRow = unusableRow;
    this.needsData = needsData;
    this.possibleKeys = new Set(idIsFresh ? presentedKeys : [key, ...presentedKeys]);
    this.isReachable = isReachable;
    this.isNew = row === undefined;
    this.isStored = row !== undefined;
    this.handled = this.handlerData(row?.value ?? NO_DATA);
  }

  get id(): string {
    return this.#id;
  }

  /** The key of the row that it has or is to have. */
  get key(): string {
    return this.#key;
  }

  /** The unusable row, if a new session takes its place under the same key. */
  get replaceableRow(): SessionRow | undefined {
    return this.unusableRow?.key.S === this.#key ? this.unusableRow : undefined;
  }

  /** Who is signed in: by this invocation, or by an earlier one. */
  get user(): string | undefined {
    return (this.signedIn?.user ?? this.row?.user)?.S;
  }

  /** Whether another invocation has given it another id, which this invocation's client must not learn. */
  get hasMoved(): boolean {
    return this.leftBehind !== undefined;
  }

  /**
   * The data; `null` until something is set.
   *
   * @throws SessionDataError if the schema refuses what was loaded, or what is set
   */
  get data(): unknown {
    return this.handled.data;
  }

  set data(data: unknown) {
    this.refuseIfDestroyed();
    this.refuseIfHeadLacksId();
    this.handled.data = data;
  }

  /** Other data of this session, for one step that the handler makes on it. */
  handlerData(loaded: AttributeValue): HandlerData {
    return new HandlerData(loaded, this.#schema);
  }

  /**
   * Goes on from what was just committed: it is what later changes are computed from.
   *
   * @param committed the changes that were committed too; those made since are still to be saved
   */
  adopt(row: SessionRow, committed: PendingChanges): void {
    const data = this.handlerData(row.value ?? NO_DATA);
    data.takeOver(this.handled, committed.encoded);
    this.row = row;
    this.createdAt = row.created_at;
    this.handled = data;
    this.isStored = true;
  }

  /** Takes another id. The row stays where it is until the session is saved. */
  regenerate(freshId: string, key: string, saveUnderNewId: () => Promise<void>): void {
    this.refuseIfDestroyed();
    this.takeId(freshId, key);
    this.saveUnderNewId = saveUnderNewId;
  }

  /** It is stored for the first time, in this row. */
  begin({ created_at: createdAt }: SessionRow): void {
    this.isStored = true;
    this.createdAt = createdAt;
    this.expiryMoved = true;
  }

  /** @param unchecked keys that nobody has looked up: there may be something else than a session */
  addPresentedKeys(checked: readonly string[], unchecked: readonly string[]): void {
    [...checked, ...unchecked].forEach((key) => this.possibleKeys.add(key));
    this.uncheckedKeys = unchecked;
  }

  /** Gives a new session, which is not stored yet, another id. */
  takeId(freshId: string, key: string): void {
    this.#id = freshId;
    this.#key = key;
    this.idIsFresh = true;
  }

  /** Another invocation has moved the row: what is still to be written goes to where it is now. */
  follow(moved: SessionRow, before: SessionRow): void {
    this.leftBehind ??= before;
    this.movedTo = moved;
    this.possibleKeys.add(moved.key.S!);
  }

  refuseIfDestroyed(): void {
    if (this.isDestroyed) {
      throw new SessionError('the session was destroyed by this invocation: nothing more can be done to it');
    }
  }

  refuseIfHeadLacksId(): void {
    if (this.headLacksId) {
      throw new SessionError('data of a new session was set too late: the response has begun without its id; set it before the first write');
    }
  }

  [inspect.custom](): string {
    return `SessionState ${correlationHash(this.#key)}`;
  }
}
