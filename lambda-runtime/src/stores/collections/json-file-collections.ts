import type { CollectionPage, CollectionQuery, CollectionsStore, CollectionWrite, CollectionWriteResult } from './collections-store.js';
import { queryItems, writeItems } from './item-collections.js';
import type { JsonFile } from '../json-file.js';

/** Collections in the JSON file that holds the sessions. */
export class JsonFileCollections implements CollectionsStore {
  constructor(private readonly file: JsonFile) {}

  async query(query: CollectionQuery): Promise<CollectionPage> {
    return this.file.inTurn(async () => queryItems((await this.file.read()).collections, query));
  }

  async write(writes: readonly CollectionWrite[]): Promise<CollectionWriteResult> {
    return this.file.inTurn(async () => {
      const content = await this.file.read();
      const result = writeItems(content.collections, writes);
      if (result.written) {
        await this.file.write(content);
      }
      return result;
    });
  }
}
