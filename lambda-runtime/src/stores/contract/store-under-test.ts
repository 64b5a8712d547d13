import { AssertionError } from 'node:assert';
import { NOW } from './sample-row.js';
import { equal } from '../../dynamodb/values/attribute-values.js';
import type { StoreCallOptions } from '../call-options.js';
import type { SessionRow } from '../session-row.js';
import type { SessionStore } from '../store.js';
import type { Change, WriteResult } from '../writes.js';

export const LIMITS: StoreCallOptions = { timeLimitMs: 10_000 };

/** A store with the steps and checks of which the contract's tests are made. */
export class StoreUnderTest {
  constructor(readonly store: SessionStore) {}

  /** Creates these rows. */
  async given(...rows: readonly SessionRow[]): Promise<void> {
    for (const row of rows) {
      this.expectWritten(await this.store.create({ row }, LIMITS));
    }
  }

  stored(key = 'the-id'): Promise<SessionRow | undefined> {
    return this.store.get(key, { ...LIMITS, consistentRead: true });
  }

  save(change: Omit<Change, 'now'> & { readonly now?: number }): Promise<WriteResult> {
    return this.store.save({ now: NOW, ...change }, LIMITS);
  }

  /** Checks what is stored under the key of the row. */
  async expectStored(row: SessionRow): Promise<void> {
    this.expectSameRow(await this.stored(row.key.S), row);
  }

  async expectNothingStored(key?: string): Promise<void> {
    this.expectSameRow(await this.stored(key), undefined);
  }

  expectWritten(result: WriteResult): void {
    this.expect(result.written, 'the write must be applied', result, { written: true });
  }

  expectRefused(result: WriteResult): void {
    this.expect(!result.written, 'the write must not be applied', result, { written: false });
  }

  /** Checks that the write was not applied, and that the store returned the row on which its condition failed. */
  expectRefusedWith(result: WriteResult, found: SessionRow | undefined): void {
    this.expectRefused(result);
    this.expectSameRow(result.written ? undefined : result.found, found);
  }

  /** Checks that both have the same attributes, however numbers are written and whatever the order. */
  expectSameRow(actual: SessionRow | undefined, expected: SessionRow | undefined): void {
    const names = Object.keys({ ...actual, ...expected });
    const isSame = (actual === undefined) === (expected === undefined) && names.every((name) => equal(actual?.[name], expected?.[name]));
    this.expect(isSame, 'the row must be the expected one', actual, expected);
  }

  expectCount(actual: number, expected: number, what: string): void {
    this.expect(actual === expected, what, actual, expected);
  }

  private expect(holds: boolean, message: string, actual: unknown, expected: unknown): void {
    if (!holds) {
      throw new AssertionError({ message: `${message}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`, actual, expected, operator: 'equal' });
    }
  }
}
