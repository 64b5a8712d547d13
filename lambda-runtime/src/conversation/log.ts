import type { Cursor } from './cursor.js';
import { changedRow, entryRow, hasChange, liveEntries } from './entry-rows.js';
import type { ChangedRow } from './entry-rows.js';
import { AFTER_ALL_POSITIONS, nextPosition, notePosition } from './position.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { SessionStoreError } from '../errors.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import type { CollectionItem, CollectionQuery, CollectionsStore } from '../stores/collections/collections-store.js';
import { numberAttribute } from '../stores/session-row.js';

/** For how long a row whose entries are all removed remembers who removed them, in seconds. */
const EMPTY_ROW_SECONDS = 3600;

/** How many deletions of `clear` are sent concurrently. */
const DELETIONS_AT_ONCE = 25;

/** A row with those of its entries that are asked for, counted from its first. */
export interface FoundRow {
  readonly row: CollectionItem;
  readonly entries: readonly AttributeValue[];
}

/** What a query returned. */
interface Found {
  readonly rows: FoundRow[];
  /** How many rows had no entries. */
  readonly skipped: number;
  readonly next?: string;
}

/** The entries of one conversation on the collections table. */
export class Log {
  constructor(
    readonly collection: string,
    readonly store: CollectionsStore,
    readonly access: StoreAccess,
    private readonly keepFor: number,
  ) {}

  /** The expiry of what is written now. */
  get expiry(): Pick<CollectionItem, 'ttl'> {
    return this.keepFor === 0 ? {} : { ttl: numberAttribute(Math.floor(this.access.now()) + this.keepFor) };
  }

  /** A row for entries that come after all others. */
  rowFor(entries: readonly AttributeValue[]): CollectionItem {
    return entryRow(this.collection, nextPosition(this.collection, this.nowMs), entries, this.expiry);
  }

  async put(row: CollectionItem): Promise<void> {
    await this.store.write([{ put: row }], this.access.limits());
  }

  /** Rows from the newest on, the newest first, until they hold so many entries; rows without entries are left out. */
  async newest(count: number, before?: Cursor): Promise<FoundRow[]> {
    const found: FoundRow[] = [];
    let missing = count;
    let skipped = 0;
    let from: string | undefined = before === undefined ? AFTER_ALL_POSITIONS : justAfter(before.position);
    while (missing > 0 && from !== undefined) {
      const page = await this.query({ descending: true, from, limit: missing + skipped }, before); // more where many entries were removed
      for (const each of page.rows) {
        if (missing > 0) {
          found.push(each);
          missing -= each.entries.length;
        }
      }
      skipped += page.skipped;
      from = page.next;
    }
    return found;
  }

  /** All rows with entries, the oldest first. */
  async *all(): AsyncGenerator<FoundRow> {
    let from: string | undefined;
    do {
      const page = await this.query({ from });
      yield* page.rows;
      from = page.next;
    } while (from !== undefined && from < AFTER_ALL_POSITIONS);
  }

  /** The row with fewer or other entries in place of those that it has. */
  changed(row: CollectionItem, entries: readonly AttributeValue[]): ChangedRow {
    return changedRow(row, entries, Math.floor(this.access.now()) + EMPTY_ROW_SECONDS);
  }

  /** The same, kept as long as what is appended now. */
  renewed({ ttl: _, ...row }: CollectionItem, entries: readonly AttributeValue[]): CollectionItem {
    return this.changed({ ...row, ...this.expiry }, entries).row;
  }

  /** Removes the newest entry and returns it. */
  async removeNewest(): Promise<AttributeValue | undefined> {
    for (let round = 0; ; round++) {
      const [newest] = await this.newest(1);
      if (newest === undefined) {
        return undefined;
      }
      const { row, entries } = newest;
      const { row: shortened, token } = this.changed(row, entries.slice(0, -1));
      const result = await this.store.write([{ put: shortened, over: row }], this.access.limits());
      if (result.written || (result.mayBeApplied && wasApplied(result.failures[0].found, token))) {
        return entries.at(-1);
      }
      await pauseBeforeRetry(round);
    }
  }

  /** Deletes everything that belongs to the conversation. */
  async clear(): Promise<void> {
    let from: string | undefined;
    do {
      const page = await this.store.query({ collection: this.collection, from }, this.reading);
      for (let start = 0; start < page.items.length; start += DELETIONS_AT_ONCE) {
        await Promise.all(page.items.slice(start, start + DELETIONS_AT_ONCE).map(({ collection, item }) =>
          this.store.write([{ delete: { collection, item } }], this.access.limits())));
      }
      from = page.next;
    } while (from !== undefined);
  }

  get reading() {
    return { ...this.access.limits(), consistentRead: true };
  }

  private get nowMs(): number {
    return Math.round(this.access.now() * 1000);
  }

  private async query(query: Omit<CollectionQuery, 'collection'>, before?: Cursor): Promise<Found> {
    const { items, next } = await this.store.query({ ...query, collection: this.collection }, this.reading);
    const now = this.access.now();
    const rows = items.filter(({ item }) => item.S! < AFTER_ALL_POSITIONS).map((row) => {
      notePosition(this.collection, row.item.S!, this.nowMs);
      const entries = liveEntries(row, now);
      return { row, entries: row.item.S === before?.position ? entries.slice(0, before!.index) : entries };
    });
    const withEntries = rows.filter(({ entries }) => entries.length > 0);
    return { rows: withEntries, skipped: rows.length - withEntries.length, next };
  }
}

/** Between this position, which all have the same length, and the next one. */
function justAfter(position: string): string {
  return `${position}!`;
}

/** Whether a change whose answer was lost was applied, by what is there now. A row that is gone was cleared since. */
function wasApplied(found: CollectionItem | undefined, token: string): boolean {
  const isThere = found === undefined || hasChange(found, token);
  if (isThere === undefined) {
    throw new SessionStoreError('a removal was sent more than once, and so many others came in between that it cannot be known whether it was applied');
  }
  return isThere;
}
