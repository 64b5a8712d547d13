import type { AttributeValue, Item } from '../dynamodb/values/attribute-value.js';
import { encode } from '../dynamodb/values/attribute-values.js';
import { MAX_ITEM_SIZE, fitsItem, itemSize } from '../dynamodb/values/item-size.js';
import { SessionDataTooLargeError } from '../errors.js';
import { crypto } from '../platform/node-modules.js';
import type { CollectionItem } from '../stores/collections/collections-store.js';
import { numberAttribute, readNumber } from '../stores/session-row.js';

/** How many changes a row remembers, by tokens of 8 characters. */
const CHANGES = 32;
const TOKEN_LENGTH = 8;

/** Kept free in every row for the tokens of its changes, and their attribute's name. */
const RESERVE = 512;

/** The entries of one `append`, as one row of the collections table. */
export interface EntryRow extends CollectionItem {
  /** L */
  readonly entries: AttributeValue;
}

/** @throws SessionDataError if DynamoDB cannot hold an entry, with its path; SessionDataTooLargeError if they exceed 400 KB together */
export function entryRow(collection: string, position: string, entries: readonly AttributeValue[], expiry: Pick<CollectionItem, 'ttl'>): EntryRow {
  const row = {
    collection: { S: collection },
    item: { S: position },
    entries: { L: entries },
    ...expiry,
  };
  assertFits(row);
  return row;
}

/** @throws SessionDataError if DynamoDB cannot hold an entry, with its path */
export function encodeEntries(entries: readonly unknown[]): readonly AttributeValue[] {
  return entries.map((entry, index) => encode(entry, `entry ${index}`));
}

/** The entries of a row, unless it has expired by `now` (epoch seconds). */
export function liveEntries({ entries, ttl }: CollectionItem, now: number): readonly AttributeValue[] {
  return (readNumber(ttl) ?? Infinity) <= now ? [] : entries?.L ?? [];
}

export interface ChangedRow {
  readonly row: EntryRow;
  readonly token: string;
}

/** The row with other entries, and the token of this change. An empty row stays for its tokens until it expires. */
export function changedRow(row: CollectionItem, entries: readonly AttributeValue[], emptyUntil: number): ChangedRow {
  const token = crypto().randomBytes(6).toString('base64url');
  const changes = { S: (token + (row.changes?.S ?? '')).slice(0, CHANGES * TOKEN_LENGTH) };
  const changed = { ...row, entries: { L: entries }, changes, ...(entries.length === 0 && { ttl: numberAttribute(emptyUntil) }) };
  assertFits(changed, 0);
  return { row: changed, token };
}

/** Whether this change was made to the row; unknown, thus `undefined`, if too many others came after it. */
export function hasChange({ changes }: CollectionItem, token: string): boolean | undefined {
  const log = changes?.S ?? '';
  for (let start = 0; start < log.length; start += TOKEN_LENGTH) {
    if (log.startsWith(token, start)) {
      return true;
    }
  }
  return log.length < CHANGES * TOKEN_LENGTH ? false : undefined;
}

function assertFits(row: Item, reserve = RESERVE): void {
  const bytes = MAX_ITEM_SIZE - reserve;
  if (!fitsItem(row) || (reserve > 0 && itemSize(row) > bytes)) {
    throw new SessionDataTooLargeError(
      `the entries of one append take ${itemSize(row)} bytes, at most ${bytes} fit into one DynamoDB item: append them in several calls, or keep large things elsewhere`,
    );
  }
}
