import { open, readFile, rename, rm } from 'node:fs/promises';
import type { CollectionItem } from './collections/collections-store.js';
import type { ItemCollections } from './collections/item-collections.js';
import { fromPlainJson, toPlainJson } from './plain-json.js';
import type { SessionRow } from './store.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { SessionStoreError } from '../errors.js';
import { crypto } from '../platform/node-modules.js';

/** What the file holds. */
export interface JsonFileContent {
  readonly rows: Map<string, SessionRow>;
  readonly collections: ItemCollections;
}

/** Where the collections are, beside the sessions. It begins with a control character, which no session id can hold. */
const COLLECTIONS_KEY = '\u0001collections';

/** A JSON file of sessions and collections, read and replaced as a whole. */
export class JsonFile {
  private lastStep: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** Runs one step after the other, so that none reads between another's read and write. */
  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.lastStep.then(step, step);
    this.lastStep = result.then(() => undefined, () => undefined);
    return result;
  }

  /** What the file holds: nothing if there is no file yet. */
  async read(): Promise<JsonFileContent> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
        return { rows: new Map(), collections: new Map() };
      }
      throw new SessionStoreError(`cannot read the session store ${this.path}: ${(cause as Error).message}`, { cause });
    }
    try {
      return parseContent(text);
    } catch (cause) {
      throw new SessionStoreError(
        `the session store ${this.path} is not a JSON object of sessions: ${(cause as Error).message}. Fix or delete the file; it has not been modified`,
        { cause },
      );
    }
  }

  async write(content: JsonFileContent): Promise<void> {
    const temporaryPath = `${this.path}.${crypto().randomUUID()}.tmp`;
    try {
      const file = await open(temporaryPath, 'wx', 0o600);
      try {
        await file.writeFile(formatContent(content));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporaryPath, this.path);
    } catch (cause) {
      await rm(temporaryPath, { force: true });
      throw new SessionStoreError(`cannot write the session store ${this.path}: ${(cause as Error).message}`, { cause });
    }
  }
}

function parseContent(text: string): JsonFileContent {
  const { [COLLECTIONS_KEY]: collections = {}, ...sessions } = objectIn(JSON.parse(text), 'its top level is not an object');
  return {
    rows: new Map(Object.entries(sessions).map(([key, attributes]) => [key, { ...parseAttributes(attributes), key: { S: key } }])),
    collections: new Map(Object.entries(objectIn(collections, 'its collections are not an object')).map(([collection, items]) => [
      collection,
      new Map(Object.entries(objectIn(items, 'a collection is not an object of items')).map(([item, attributes]) => [
        item,
        { ...parseAttributes(attributes), collection: { S: collection }, item: { S: item } } satisfies CollectionItem,
      ])),
    ])),
  };
}

function parseAttributes(attributes: unknown): Record<string, AttributeValue> {
  const fields = Object.entries(objectIn(attributes, 'an entry is not an object of attributes such as { "value": … }'));
  return Object.fromEntries(fields.map(([name, value]) => [name, fromPlainJson(value)]));
}

function formatContent({ rows, collections }: JsonFileContent): string {
  const file = [
    ...[...rows].map(([id, { key: _, ...attributes }]) => [id, formatAttributes(attributes)]),
    ...(collections.size > 0 ? [[COLLECTIONS_KEY, Object.fromEntries([...collections].map(([collection, items]) => [
      collection,
      Object.fromEntries([...items].map(([item, { collection: _, item: __, ...attributes }]) => [item, formatAttributes(attributes)])),
    ]))]] : []),
  ];
  return `${JSON.stringify(Object.fromEntries(file), null, 2)}\n`;
}

function formatAttributes(attributes: Readonly<Record<string, AttributeValue | undefined>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toPlainJson(value!)]));
}

function objectIn(value: unknown, messageIfNot: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(messageIfNot);
  }
  return value as Record<string, unknown>;
}
