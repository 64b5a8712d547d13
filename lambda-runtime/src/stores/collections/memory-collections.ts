import type { CollectionItem, CollectionPage, CollectionQuery, CollectionsStore, CollectionWrite, CollectionWriteResult } from './collections-store.js';
import { queryItems, writeItems } from './item-collections.js';
import type { ItemCollections } from './item-collections.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import { copyOfFields } from '../../dynamodb/values/copy.js';

/** Collections in the memory of this process. What comes in and what goes out is copied. */
export class MemoryCollections implements CollectionsStore {
  private readonly items: ItemCollections = new Map();

  async query(query: CollectionQuery): Promise<CollectionPage> {
    const page = queryItems(this.items, query);
    return { ...page, items: page.items.map(copyOfItem) };
  }

  async write(writes: readonly CollectionWrite[]): Promise<CollectionWriteResult> {
    return this.apply(writes);
  }

  /** The same, in one step with what its caller does. */
  apply(writes: readonly CollectionWrite[] = []): CollectionWriteResult {
    const result = writeItems(this.items, writes.map((write) => ('put' in write ? { ...write, put: copyOfItem(write.put) } : write)));
    if (result.written) {
      return result;
    }
    return { ...result, failures: result.failures.map(({ index, found }) => ({ index, found: found && copyOfItem(found) })) };
  }
}

function copyOfItem(item: CollectionItem): CollectionItem {
  return copyOfFields(item as Item) as CollectionItem;
}
