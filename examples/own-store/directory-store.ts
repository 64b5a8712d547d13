import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { applyChange, applyCreation, applyTouch, canRegenerate } from 'cdk-session-table/lambda-runtime/stores';
import type { Change, Creation, DestroyOptions, Regeneration, SessionRow, SessionStore, Touch, WriteResult } from 'cdk-session-table/lambda-runtime/stores';

/**
 * A store as you might write one: each session in a file of a directory. One process at a time may use a directory.
 *
 * What a write does and when it is refused comes from the package (`applyChange` and the others). All that is left is to make
 * reading and writing one step.
 */
export class DirectoryStore implements SessionStore {
  private lastStep: Promise<unknown> = Promise.resolve();

  constructor(private readonly directory: string) {}

  get(key: string): Promise<SessionRow | undefined> {
    return this.inTurn(() => this.read(key));
  }

  create(creation: Creation): Promise<WriteResult> {
    return this.change(creation.row.key.S!, (current) => applyCreation(current, creation));
  }

  save(change: Change): Promise<WriteResult> {
    return this.change(change.from.key.S!, (current) => applyChange(current, change));
  }

  touch(touch: Touch): Promise<WriteResult> {
    return this.change(touch.from.key.S!, (current) => applyTouch(current, touch));
  }

  regenerate(regeneration: Regeneration): Promise<WriteResult> {
    const { from, row, forwardingRow } = regeneration;
    return this.inTurn(async () => {
      const found = await this.read(from.key.S!);
      if (!canRegenerate(found, await this.read(row.key.S!), regeneration)) {
        return { written: false, found, mayBeApplied: false };
      }
      await this.write(row);
      await this.write(forwardingRow);
      return { written: true };
    });
  }

  destroy(key: string, { keepsForwardingRow }: DestroyOptions): Promise<SessionRow | undefined> {
    return this.inTurn(async () => {
      const row = await this.read(key);
      if (keepsForwardingRow && row?.moved_to !== undefined) {
        return row;
      }
      await rm(this.fileOf(key), { force: true });
      return row;
    });
  }

  private change(key: string, apply: (current?: SessionRow) => SessionRow | undefined): Promise<WriteResult> {
    return this.inTurn(async () => {
      const found = await this.read(key);
      const row = apply(found);
      if (row === undefined) {
        return { written: false, found, mayBeApplied: false };
      }
      await this.write(row);
      return { written: true };
    });
  }

  /** Runs one step after the other, so that no step runs between the read and the write of another. */
  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.lastStep.then(step, step);
    this.lastStep = result.then(() => undefined, () => undefined);
    return result;
  }

  private async read(key: string): Promise<SessionRow | undefined> {
    try {
      return deserialize(await readFile(this.fileOf(key)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  private async write(row: SessionRow): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const file = this.fileOf(row.key.S!);
    await writeFile(`${file}.tmp`, serialize(row));
    await rename(`${file}.tmp`, file);
  }

  /** Encoded, as a key may hold any visible character. */
  private fileOf(key: string): string {
    return join(this.directory, Buffer.from(key).toString('hex'));
  }
}
