import type { Item } from '../dynamodb/values/attribute-value.js';
import { MAX_ITEM_SIZE, fitsItem, itemSize } from '../dynamodb/values/item-size.js';
import { SessionDataTooLargeError } from '../errors.js';
import type { SessionRow } from '../stores/session-row.js';

/** @throws SessionDataTooLargeError if DynamoDB would not take the row */
export function assertFitsItem(row: SessionRow): void {
  if (!fitsItem(row as Item)) {
    throw new SessionDataTooLargeError(
      `the session takes ${itemSize(row as Item)} bytes, DynamoDB holds at most ${MAX_ITEM_SIZE} (400 KB) in an item: keep large things elsewhere and their keys in the session`,
    );
  }
}
