import { applyChange, applyCreation, applyTouch, canRegenerate } from './apply-write.js';
import type { DestroyOptions } from './call-options.js';
import type { CollectionWrite } from './collections/collections-store.js';
import { MemoryCollections } from './collections/memory-collections.js';
import { isForwardingRow } from './session-row.js';
import type { SessionRow } from './session-row.js';
import type { SessionStore } from './store.js';
import type { Change, Creation, Regeneration, Touch, WriteResult } from './writes.js';
import type { Item } from '../dynamodb/values/attribute-value.js';
import { copyOf, copyOfFields } from '../dynamodb/values/copy.js';

/**
 * Sessions in the memory of this process: for tests and for trying things out. In Lambda every execution environment
 * would have its own sessions.
 *
 * What comes in and what goes out is copied: nobody else has a reference to what is kept here.
 *
 * @example
 * ```ts
 * import { MemoryStore, session } from 'cdk-session-table/lambda-runtime';
 *
 * const store = new MemoryStore();
 * export const handler = session(async () => ({ statusCode: 200 }), { store, update: true, ttl: 15 * 60 });
 * ```
 */
export class MemoryStore implements SessionStore {
  readonly collections = new MemoryCollections();
  private readonly rows = new Map<string, SessionRow>();

  async get(key: string): Promise<SessionRow | undefined> {
    return copyOfRow(this.rows.get(key));
  }

  async create(creation: Creation): Promise<WriteResult> {
    const row = copyOfRow(creation.row);
    return this.write(row, (current) => applyCreation(current, { ...creation, row }), creation.beside);
  }

  async save(change: Change): Promise<WriteResult> {
    const value = change.value && copyOf(change.value);
    const fields = change.fields && { ...change.fields, set: copyOfFields(change.fields.set) };
    const attributes = change.attributes && copyOfFields(change.attributes);
    return this.write(change.from, (current) => applyChange(current, { ...change, value, fields, attributes }));
  }

  async touch(touch: Touch): Promise<WriteResult> {
    return this.write(touch.from, (current) => applyTouch(current, touch));
  }

  async regenerate(regeneration: Regeneration): Promise<WriteResult> {
    const found = this.rows.get(regeneration.from.key.S!);
    if (!canRegenerate(found, this.rows.get(regeneration.row.key.S!), regeneration)) {
      return { written: false, found: copyOfRow(found), mayBeApplied: false };
    }
    this.rows.set(regeneration.from.key.S!, copyOfRow(regeneration.forwardingRow));
    this.rows.set(regeneration.row.key.S!, copyOfRow(regeneration.row));
    this.collections.apply(regeneration.beside);
    return { written: true };
  }

  async destroy(key: string, { keepsForwardingRow }: Partial<DestroyOptions> = {}): Promise<SessionRow | undefined> {
    const row = this.rows.get(key);
    if (row !== undefined && !(keepsForwardingRow && isForwardingRow(row))) {
      this.rows.delete(key);
    }
    return copyOfRow(row);
  }

  async writeBeside(write: CollectionWrite): Promise<void> {
    this.collections.apply([write]);
  }

  private write(target: SessionRow, apply: (current?: SessionRow) => SessionRow | undefined, beside?: readonly CollectionWrite[]): WriteResult {
    const key = target.key.S!;
    const found = this.rows.get(key);
    const row = apply(found);
    if (row === undefined || !this.collections.apply(beside).written) {
      return { written: false, found: copyOfRow(found), mayBeApplied: false };
    }
    this.rows.set(key, row);
    return { written: true };
  }
}

function copyOfRow(row: SessionRow): SessionRow;
function copyOfRow(row: SessionRow | undefined): SessionRow | undefined;
function copyOfRow(row: SessionRow | undefined): SessionRow | undefined {
  return row === undefined ? undefined : copyOfFields(row as Item) as SessionRow;
}
