import { HandlerData } from './handler-data.js';
import { applyChanges } from './merging.js';
import type { Changes } from './merging.js';
import { refuseUnreadable } from './schema.js';
import type { StandardSchema } from './schema.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { SessionError } from '../errors.js';
import { correlationHash } from '../ids/session-id.js';
import { inspect } from '../platform/node-modules.js';
import type { SessionRow } from '../stores/store.js';

export const NO_DATA: AttributeValue = { NULL: true };

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

/** What a save makes of a session, as far as it concerns what is sent to the client. */
export type SaveOutcome = Pick<SessionState, 'isStored' | 'expiryMoved'>;

/** The changes of a handler that goes on making others. */
export interface PendingChanges {
  readonly changes: Changes | undefined;
  /** The data when they were computed; `undefined` if the handler had not asked for it. */
  readonly encoded: AttributeValue | undefined;
}

/** A session in memory, in the hands of one invocation. Does no I/O. */
export class SessionState {
  readonly isNew: boolean;
  readonly loadedAt: number;
  readonly isReachable: boolean;
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
  /** Whether this invocation gave the row another expiry. */
  expiryMoved = false;
  /** The updates under way, one after the other, and `destroy`. */
  updates: Promise<unknown> = Promise.resolve();
  /** What `signIn` adds to its row; attributes that are `undefined` are removed from it. */
  signedIn?: Readonly<Record<string, AttributeValue | undefined>>;
  /** The id of its log of conversations, once an append of this invocation has asked for it. */
  logId?: Promise<string>;

  readonly #schema?: StandardSchema;
  #id: string;
  #key: string;
  #data: HandlerData;

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
    this.#data = this.handlerData(row?.value ?? NO_DATA);
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

  /** A row with what `signIn` changes in it. */
  withUser(row: SessionRow): SessionRow {
    if (this.signedIn === undefined) {
      return row;
    }
    const signedIn = Object.entries({ ...row, ...this.signedIn }).filter(([, attribute]) => attribute !== undefined);
    return Object.fromEntries(signedIn) as unknown as SessionRow;
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
    return this.#data.data;
  }

  set data(data: unknown) {
    this.refuseIfDestroyed();
    this.refuseIfHeadLacksId();
    this.#data.data = data;
  }

  get loadedValue(): AttributeValue {
    return this.#data.loaded;
  }

  /**
   * What the handler changed, from what it was given to what it left, changes in place included; `undefined` if nothing.
   *
   * @throws SessionDataError if it was changed to something that the schema refuses, or that DynamoDB cannot hold
   */
  changes(): Changes | undefined {
    return this.#data.changes();
  }

  /** The changes so far, with what `adopt` needs to distinguish later ones from them. */
  pendingChanges(): PendingChanges {
    const encoded = this.#data.encoded();
    return { encoded, changes: this.#data.changes(encoded) };
  }

  /** Other data of this session, for one step that the handler makes on it. */
  handlerData(loaded: AttributeValue): HandlerData {
    return new HandlerData(loaded, this.#schema);
  }

  /**
   * The data as a whole with the changes applied to what is there by now.
   *
   * @throws SessionDataError if the schema would refuse the result, so that nobody could load the session any more
   */
  merged(changes: Changes, current: AttributeValue): AttributeValue {
    if (current === this.loadedValue) {
      return changes.value;
    }
    const merged = applyChanges(changes, current);
    if (this.#schema !== undefined) {
      refuseUnreadable(this.#schema, merged, 'the session data, merged with what another invocation saved meanwhile, does not fit its schema');
    }
    return merged;
  }

  /**
   * Goes on from what was just committed: it is what later changes are computed from.
   *
   * @param committed the changes that were committed too; those made since are still to be saved
   */
  adopt(row: SessionRow, committed: PendingChanges): void {
    const data = this.handlerData(row.value ?? NO_DATA);
    data.takeOver(this.#data, committed.encoded);
    this.row = row;
    this.createdAt = row.created_at;
    this.#data = data;
    this.isStored = true;
  }

  /** Runs one step after the other of those that go to the store at the same time. The save at the end waits for them. */
  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.updates.then(step);
    this.updates = result.catch(() => undefined); // the caller's to handle; who comes next is not stopped by it
    return result;
  }

  /** Has the save at the end wait for something that goes to the store beside the session. */
  alongside<T>(work: Promise<T>): Promise<T> {
    this.updates = Promise.allSettled([this.updates, work]); // its failure is for the caller to handle
    return work;
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
