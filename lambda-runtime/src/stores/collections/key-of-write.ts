import type { CollectionItem, CollectionWrite } from './collections-store.js';

/** Which item a write is about. */
export function keyOfWrite(write: CollectionWrite): Pick<CollectionItem, 'collection' | 'item'> {
  const { collection, item } = 'put' in write ? write.put : 'delete' in write ? write.delete : write.check;
  return { collection, item };
}
