import type { CollectionItem, CollectionPage, CollectionQuery, CollectionWrite, CollectionWriteResult } from './collections-store.js';
import { equal } from '../../dynamodb/values/attribute-values.js';
import { readNumber } from '../session-row.js';
import { keyOfWrite } from './key-of-write.js';

/** Items by collection and sort key. */
export type ItemCollections = Map<string, Map<string, CollectionItem>>;

/** Answers a query from items in memory. */
export function queryItems(collections: ItemCollections, query: CollectionQuery): CollectionPage {
  const { collection, descending = false, from, limit = Infinity } = query;
  const direction = descending ? -1 : 1;
  const sorted = [...collections.get(collection) ?? []]
    .filter(([key]) => from === undefined || direction * compareBytes(key, from) > 0)
    .sort(([one], [other]) => direction * compareBytes(one, other));
  const page = sorted.slice(0, limit);
  return { items: page.map(([, item]) => item), next: page.length < sorted.length ? page.at(-1)![0] : undefined };
}

/** Applies all writes to items in memory, or none if one of their conditions fails. */
export function writeItems(collections: ItemCollections, writes: readonly CollectionWrite[]): CollectionWriteResult {
  const failures = writes.flatMap((write, index) => {
    const found = find(collections, write);
    return conditionHolds(write, found) ? [] : [{ index, found }];
  });
  if (failures.length > 0) {
    return { written: false, failures, mayBeApplied: false };
  }
  writes.forEach((write) => apply(collections, write));
  return { written: true };
}

function find(collections: ItemCollections, write: CollectionWrite): CollectionItem | undefined {
  const { collection, item } = keyOfWrite(write);
  return collections.get(collection.S!)?.get(item.S!);
}

function conditionHolds(write: CollectionWrite, found: CollectionItem | undefined): boolean {
  if ('check' in write) {
    return found !== undefined;
  }
  if (!('put' in write) || write.over === undefined) {
    return true;
  }
  switch (write.over) {
    case 'nothing': return found === undefined;
    case 'earlier': return found === undefined || expiryOf(found) < expiryOf(write.put);
    default: return found !== undefined && equal(found.changes, write.over.changes);
  }
}

function expiryOf({ ttl }: CollectionItem): number {
  return readNumber(ttl) ?? Infinity;
}

function apply(collections: ItemCollections, write: CollectionWrite): void {
  const { collection: { S: collection }, item: { S: item } } = keyOfWrite(write);
  const items = collections.get(collection!) ?? new Map<string, CollectionItem>();
  if ('put' in write) {
    collections.set(collection!, items.set(item!, write.put));
  } else if ('delete' in write && items.delete(item!) && items.size === 0) {
    collections.delete(collection!);
  }
}

/** DynamoDB orders strings by their UTF-8 bytes, JavaScript by UTF-16 code units. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
