import { applyChange, applyCreation, applyTouch, canRegenerate } from './apply-write.js';
import type { Change, Creation, Regeneration, SessionRow, SessionStore, Touch, WriteResult } from './store.js';

/**
 * Sessions in the memory of this process: for tests and for trying things out. In Lambda every execution environment
 * would have sessions of its own.
 *
 * What comes in and what goes out is copied: nobody else holds what is kept here.
 */
export class MemoryStore implements SessionStore {
  private readonly rows = new Map<string, SessionRow>();

  async get(key: string): Promise<SessionRow | undefined> {
    return copyOf(this.rows.get(key));
  }

  async create(creation: Creation): Promise<WriteResult> {
    return this.write(creation.row, (current) => applyCreation(current, creation));
  }

  async save(change: Change): Promise<WriteResult> {
    return this.write(change.from, (current) => applyChange(current, change));
  }

  async touch(touch: Touch): Promise<WriteResult> {
    return this.write(touch.from, (current) => applyTouch(current, touch));
  }

  async regenerate(regeneration: Regeneration): Promise<WriteResult> {
    const found = this.rows.get(regeneration.from.key.S!);
    if (!canRegenerate(found, this.rows.get(regeneration.row.key.S!), regeneration)) {
      return { written: false, found: copyOf(found), mayBeApplied: false };
    }
    this.rows.delete(regeneration.from.key.S!);
    this.rows.set(regeneration.row.key.S!, copyOf(regeneration.row));
    return { written: true };
  }

  async destroy(key: string): Promise<void> {
    this.rows.delete(key);
  }

  private write(target: SessionRow, apply: (current?: SessionRow) => SessionRow | undefined): WriteResult {
    const key = target.key.S!;
    const found = this.rows.get(key);
    const row = apply(found);
    if (row === undefined) {
      return { written: false, found: copyOf(found), mayBeApplied: false };
    }
    this.rows.set(key, copyOf(row));
    return { written: true };
  }
}

function copyOf<T>(value: T): T;
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copyOf);
  }
  if (value instanceof Uint8Array) {
    return new Uint8Array(value);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf(field)]));
  }
  return value;
}
