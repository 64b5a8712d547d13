import type { CollectionItem } from './collections/collections-store.js';
import type { ItemCollections } from './collections/item-collections.js';
import { JsonFileRows } from './json-file-rows.js';
import { parseExactly } from './parse-exactly.js';
import { attributesFromJson, attributesToJson, objectIn } from './plain-json.js';
import { SessionStoreError } from '../errors.js';

/** Where the collections are, beside the sessions. It begins with a control character, which no session id can hold. */
const COLLECTIONS_KEY = '\u0001collections';

/** What a JSON file holds: sessions and collections. What nobody asks for goes back into the file as it was found. */
export class JsonFileContent {
  readonly rows: JsonFileRows;
  private readonly collectionsJson: unknown;
  private readCollections?: ItemCollections;

  /** @throws SessionStoreError if the text is not a JSON object */
  constructor(private readonly filePath: string, text: string) {
    try {
      const { [COLLECTIONS_KEY]: collections, ...sessions } = objectIn(parseJson(text), 'its top level is not an object');
      this.collectionsJson = collections;
      this.rows = new JsonFileRows(filePath, new Map(Object.entries(sessions)));
    } catch (cause) {
      throw this.unusable('sessions', cause);
    }
  }

  /** @throws SessionStoreError if the file's collections are none */
  get collections(): ItemCollections {
    try {
      return this.readCollections ??= collectionsFromJson(this.collectionsJson ?? {});
    } catch (cause) {
      throw this.unusable('sessions and collections', cause);
    }
  }

  toString(): string {
    const collections = this.readCollections === undefined ? this.collectionsJson : collectionsToJson(this.readCollections);
    const file = [...this.rows.entries, ...(collections === undefined ? [] : [[COLLECTIONS_KEY, collections]])];
    return `${JSON.stringify(Object.fromEntries(file), null, 2)}\n`;
  }

  private unusable(content: string, cause: unknown): SessionStoreError {
    return new SessionStoreError(
      `the session store ${this.filePath} is not a JSON object of ${content}: ${(cause as Error).message}. Fix or delete the file; it has not been modified`,
      { cause },
    );
  }
}

/** Editors on Windows begin a file with a byte order mark. What the parser quotes of a wrong text may hold session ids: it is left out. */
function parseJson(text: string): unknown {
  try {
    return parseExactly(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SyntaxError((error as Error).message.replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, ' is not valid JSON'));
  }
}

function collectionsFromJson(json: unknown): ItemCollections {
  return new Map(Object.entries(objectIn(json, 'its collections are not an object')).map(([collection, items]) => [
    collection,
    new Map(Object.entries(objectIn(items, 'a collection is not an object of items')).map(([item, attributes]) => [
      item,
      { ...attributesFromJson(attributes), collection: { S: collection }, item: { S: item } } satisfies CollectionItem,
    ])),
  ]));
}

function collectionsToJson(collections: ItemCollections): unknown {
  return collections.size === 0 ? undefined : Object.fromEntries([...collections].map(([collection, items]) => [
    collection,
    Object.fromEntries([...items].map(([item, { collection: _, item: __, ...attributes }]) => [item, attributesToJson(attributes)])),
  ]));
}
