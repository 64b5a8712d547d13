import type { Item } from './dynamodb/dynamodb-client.js';
import { MAX_ITEM_SIZE, itemSize } from './dynamodb/item-size.js';
import { SessionDataTooLargeError } from './errors.js';
import type { SessionRow } from './stores/store.js';

/** @throws SessionDataTooLargeError if DynamoDB would not take the row */
export function assertFitsItem(row: SessionRow): void {
  const size = itemSize(row as Item);
  if (size > MAX_ITEM_SIZE) {
    throw new SessionDataTooLargeError(
      `the session takes ${size} bytes, DynamoDB holds at most ${MAX_ITEM_SIZE} (400 KB) in an item: keep large things elsewhere and their keys in the session`,
    );
  }
}
