import { open, readFile, rename, rm } from 'node:fs/promises';
import { SessionStoreError } from '../errors.js';
import { applyChange, applyCreation, applyTouch, canRegenerate } from './apply-write.js';
import { fromPlainJson, toPlainJson } from './plain-json.js';
import type { Change, Creation, Regeneration, SessionRow, SessionStore, Touch, WriteResult } from './store.js';
import { crypto } from '../platform/node-modules.js';

type Rows = Map<string, SessionRow>;

/**
 * Sessions in a JSON file on this machine, readable and editable by hand: for local development. A file that is not there
 * counts as empty and is made by the first write.
 *
 * A write replaces the file as a whole, so that after a crash it holds the old or the new content. One process at a time
 * may write to a file.
 */
export class JsonFileStore implements SessionStore {
  private lastStep: Promise<unknown> = Promise.resolve();

  /** @param filePath the file, absolute or relative to the current directory */
  constructor(readonly filePath: string) {}

  async get(key: string): Promise<SessionRow | undefined> {
    return this.inTurn(async () => (await this.readRows()).get(key));
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
    return this.inTurn(async () => {
      const rows = await this.readRows();
      const found = rows.get(regeneration.from.key.S!);
      if (!canRegenerate(found, rows.get(regeneration.row.key.S!), regeneration)) {
        return { written: false, found, mayBeApplied: false };
      }
      rows.delete(regeneration.from.key.S!);
      await this.writeRows(rows.set(regeneration.row.key.S!, regeneration.row));
      return { written: true };
    });
  }

  async destroy(key: string): Promise<void> {
    return this.inTurn(async () => {
      const rows = await this.readRows();
      if (rows.delete(key)) {
        await this.writeRows(rows);
      }
    });
  }

  private async write(target: SessionRow, apply: (current?: SessionRow) => SessionRow | undefined): Promise<WriteResult> {
    return this.inTurn(async () => {
      const key = target.key.S!;
      const rows = await this.readRows();
      const found = rows.get(key);
      const row = apply(found);
      if (row === undefined) {
        return { written: false, found, mayBeApplied: false };
      }
      await this.writeRows(rows.set(key, row));
      return { written: true };
    });
  }

  /** Runs one step after the other, so that none reads between another's read and write. */
  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.lastStep.then(step, step);
    this.lastStep = result.then(() => undefined, () => undefined);
    return result;
  }

  private async readRows(): Promise<Rows> {
    let text: string;
    try {
      text = await readFile(this.filePath, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
        return new Map();
      }
      throw new SessionStoreError(`cannot read the session store ${this.filePath}: ${(cause as Error).message}`, { cause });
    }
    try {
      return parseRows(text);
    } catch (cause) {
      throw new SessionStoreError(
        `the session store ${this.filePath} is not a JSON object of sessions: ${(cause as Error).message}. Mend or delete the file; it was left as it is`,
        { cause },
      );
    }
  }

  private async writeRows(rows: Rows): Promise<void> {
    const temporaryPath = `${this.filePath}.${crypto().randomUUID()}.tmp`;
    try {
      const file = await open(temporaryPath, 'wx', 0o600);
      try {
        await file.writeFile(formatRows(rows));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporaryPath, this.filePath);
    } catch (cause) {
      await rm(temporaryPath, { force: true });
      throw new SessionStoreError(`cannot write the session store ${this.filePath}: ${(cause as Error).message}`, { cause });
    }
  }
}

function parseRows(text: string): Rows {
  const file: unknown = JSON.parse(text);
  if (!isObject(file)) {
    throw new TypeError('its top level is not an object');
  }
  return new Map(Object.entries(file).map(([key, attributes]) => [key, parseRow(key, attributes)]));
}

function parseRow(key: string, attributes: unknown): SessionRow {
  if (!isObject(attributes)) {
    throw new TypeError('an entry is not an object of attributes such as { "value": … }');
  }
  const row = Object.entries(attributes).map(([name, value]) => [name, fromPlainJson(value)]);
  return { ...Object.fromEntries(row), key: { S: key } };
}

function formatRows(rows: Rows): string {
  const file = [...rows].map(([id, { key: _, ...attributes }]) => [
    id,
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toPlainJson(value!)])),
  ]);
  return `${JSON.stringify(Object.fromEntries(file), null, 2)}\n`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
