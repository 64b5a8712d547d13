import { decode, encode } from './dynamodb/attribute-values.js';
import type { AttributeValue } from './dynamodb/dynamodb-client.js';
import type { SessionRow } from './stores/store.js';

export const NO_DATA: AttributeValue = { NULL: true };

export interface SessionOrigin {
  readonly id: string;
  /** Whether nobody else can know the id yet, so that any row of it is of this invocation's own making. */
  readonly idIsFresh: boolean;
  /** When it was loaded, in epoch seconds. */
  readonly loadedAt: number;
  /** The live row that was loaded; none: the session is new. */
  readonly row?: SessionRow;
  /** The expired row that a new session takes the place of. */
  readonly expiredRow?: SessionRow;
}

/** A session in memory, in the hands of one invocation. Does no I/O. */
export class SessionState {
  readonly id: string;
  readonly idIsFresh: boolean;
  readonly loadedAt: number;
  readonly row?: SessionRow;
  readonly expiredRow?: SessionRow;
  /** Whether the store has the session, as far as is known: only then is the client told its id. */
  isStored: boolean;

  private currentData: unknown;
  private isDecoded = false;

  constructor({ id, idIsFresh, loadedAt, row, expiredRow }: SessionOrigin) {
    this.id = id;
    this.idIsFresh = idIsFresh;
    this.loadedAt = loadedAt;
    this.row = row;
    this.expiredRow = expiredRow;
    this.isStored = row !== undefined;
  }

  get isNew(): boolean {
    return this.row === undefined;
  }

  /** The data; `null` until something is set. Decoded on first use, so that data nobody looks at costs nothing. */
  get data(): unknown {
    if (!this.isDecoded) {
      this.data = decode(this.loadedValue);
    }
    return this.currentData;
  }

  set data(data: unknown) {
    this.currentData = data;
    this.isDecoded = true;
  }

  get loadedValue(): AttributeValue {
    return this.row?.value ?? NO_DATA;
  }

  /**
   * The data as it is now, changes in place included.
   *
   * @throws SessionDataError if it holds something that DynamoDB cannot hold
   */
  encodeData(): AttributeValue {
    return this.isDecoded ? encode(this.currentData) : this.loadedValue;
  }
}
