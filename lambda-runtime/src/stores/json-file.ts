import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { JsonFileContent } from './json-file-content.js';
import { replaceFile } from './replace-file.js';
import { SessionStoreError } from '../errors.js';
import { processWide } from '../platform/process-wide.js';

/** A JSON file of sessions and collections, read and replaced as a whole. */
export class JsonFile {
  constructor(private readonly path: string) {}

  /** Runs the steps of all stores on this file one after the other, so that none reads between another's read and write. */
  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const lastSteps = processWide('json-files', () => new Map<string, Promise<unknown>>());
    const path = resolve(this.path);
    const result = (lastSteps.get(path) ?? Promise.resolve()).then(step);
    lastSteps.set(path, result.catch(() => undefined)); // the caller's to handle; the next step runs anyway
    return result;
  }

  /** What the file holds: nothing if there is no file yet. */
  async read(): Promise<JsonFileContent> {
    return new JsonFileContent(this.path, await this.readText());
  }

  async write(content: JsonFileContent): Promise<void> {
    try {
      await replaceFile(this.path, content.toString());
    } catch (cause) {
      throw new SessionStoreError(`cannot write the session store ${this.path}: ${(cause as Error).message}`, { cause });
    }
  }

  private async readText(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
        return '{}';
      }
      throw new SessionStoreError(`cannot read the session store ${this.path}: ${(cause as Error).message}`, { cause });
    }
  }
}
