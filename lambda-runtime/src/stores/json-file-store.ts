import { applyChange, applyCreation, applyTouch, canRegenerate } from './apply-write.js';
import type { DestroyOptions } from './call-options.js';
import type { CollectionWrite } from './collections/collections-store.js';
import { writeItems } from './collections/item-collections.js';
import { JsonFileCollections } from './collections/json-file-collections.js';
import { JsonFile } from './json-file.js';
import { isForwardingRow } from './session-row.js';
import type { SessionRow } from './session-row.js';
import type { SessionStore } from './store.js';
import type { Change, Creation, Regeneration, Touch, WriteResult } from './writes.js';
import { SessionOptionsError } from '../errors.js';

/**
 * Sessions in a JSON file on this machine, for local development: readable, and editable with any editor. A missing file
 * counts as empty; the first write creates it. An entry that is not a session fails only the session with that id. Numbers
 * that JavaScript would round keep all their digits; the next write turns them into `{ "$number": "…" }`.
 *
 * A write replaces the whole file, so after a crash it has either the old or the new content. Only one process at a time may
 * write to a file.
 *
 * @example
 * ```ts
 * import { JsonFileStore, session } from 'cdk-session-table/lambda-runtime';
 *
 * const store = new JsonFileStore('local_store.json');
 * export const handler = session(async () => ({ statusCode: 200 }), { store, update: true, ttl: 15 * 60 });
 * ```
 */
export class JsonFileStore implements SessionStore {
  readonly collections: JsonFileCollections;
  private readonly file: JsonFile;

  /**
   * @param filePath the file, absolute or relative to the current directory
   * @throws SessionOptionsError if it is none
   */
  constructor(readonly filePath: string) {
    if (typeof filePath !== 'string' || filePath === '') {
      throw new SessionOptionsError('filePath must be the path of a file');
    }
    this.file = new JsonFile(filePath);
    this.collections = new JsonFileCollections(this.file);
  }

  async get(key: string): Promise<SessionRow | undefined> {
    return this.file.inTurn(async () => (await this.file.read()).rows.get(key));
  }

  async create(creation: Creation): Promise<WriteResult> {
    return this.write(creation.row, (current) => applyCreation(current, creation), creation.beside);
  }

  async save(change: Change): Promise<WriteResult> {
    return this.write(change.from, (current) => applyChange(current, change));
  }

  async touch(touch: Touch): Promise<WriteResult> {
    return this.write(touch.from, (current) => applyTouch(current, touch));
  }

  async regenerate(regeneration: Regeneration): Promise<WriteResult> {
    return this.file.inTurn(async () => {
      const content = await this.file.read();
      const { rows } = content;
      const found = rows.get(regeneration.from.key.S!);
      if (!canRegenerate(found, rows.get(regeneration.row.key.S!), regeneration)) {
        return { written: false, found, mayBeApplied: false };
      }
      rows.set(regeneration.from.key.S!, regeneration.forwardingRow);
      rows.set(regeneration.row.key.S!, regeneration.row);
      writeItems(content.collections, regeneration.beside ?? []);
      await this.file.write(content);
      return { written: true };
    });
  }

  async destroy(key: string, { keepsForwardingRow }: Partial<DestroyOptions> = {}): Promise<SessionRow | undefined> {
    return this.file.inTurn(async () => {
      const content = await this.file.read();
      if (!content.rows.entries.has(key)) {
        return undefined;
      }
      const row = content.rows.delete(key);
      if (!(keepsForwardingRow && row !== undefined && isForwardingRow(row))) {
        await this.file.write(content);
      }
      return row;
    });
  }

  async writeBeside(write: CollectionWrite): Promise<void> {
    await this.collections.write([write]);
  }

  private async write(
    target: SessionRow, apply: (current?: SessionRow) => SessionRow | undefined, beside: readonly CollectionWrite[] = [],
  ): Promise<WriteResult> {
    return this.file.inTurn(async () => {
      const key = target.key.S!;
      const content = await this.file.read();
      const found = content.rows.get(key);
      const row = apply(found);
      if (row === undefined || !writeItems(content.collections, beside).written) {
        return { written: false, found, mayBeApplied: false };
      }
      content.rows.set(key, row);
      await this.file.write(content);
      return { written: true };
    });
  }
}
