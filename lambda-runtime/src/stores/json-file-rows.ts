import { attributesFromJson, attributesToJson } from './plain-json.js';
import type { SessionRow } from './session-row.js';
import { SessionStoreError } from '../errors.js';

/**
 * The rows of a JSON file by key. Only the rows that are asked for are read; all others go back into the file as they were
 * found, whether they are sessions or not.
 */
export class JsonFileRows {
  constructor(private readonly filePath: string, readonly entries: Map<string, unknown>) {}

  /** @throws SessionStoreError if the entry is not a session */
  get(key: string): SessionRow | undefined {
    if (!this.entries.has(key)) {
      return undefined;
    }
    try {
      return { ...attributesFromJson(this.entries.get(key)), key: { S: key } };
    } catch (cause) {
      const position = [...this.entries.keys()].indexOf(key) + 1; // the key itself is a session id
      throw new SessionStoreError(
        `entry ${position} of the session store ${this.filePath} is not a session: ${(cause as Error).message}. Fix or delete the entry; the file has not been modified`,
        { cause },
      );
    }
  }

  set(key: string, { key: _, ...attributes }: SessionRow): void {
    this.entries.set(key, attributesToJson(attributes));
  }

  /** Deletes the entry and returns its row; `undefined` if it had none, as an entry that is not a session can be deleted too. */
  delete(key: string): SessionRow | undefined {
    try {
      return this.get(key);
    } catch (error) {
      if (!(error instanceof SessionStoreError)) {
        throw error;
      }
      return undefined;
    } finally {
      this.entries.delete(key);
    }
  }
}
