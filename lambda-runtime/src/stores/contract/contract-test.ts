import type { StoreUnderTest } from './store-under-test.js';

/**
 * What a store may lack if it says so:
 *
 * - `found-rows`: a write whose condition failed returns the row that is there (`FailedWrite.found`)
 * - `regenerate`: moving a row to another key in one step
 *
 * @example
 * ```ts
 * import type { StoreFeature } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const lacking: StoreFeature[] = ['regenerate'];
 * ```
 */
export type StoreFeature = 'found-rows' | 'regenerate';

/** One behaviour that every store must have. */
export interface ContractTest {
  /** What the store does, as the title of a test. */
  readonly title: string;
  /** The features without which this cannot be tested. */
  readonly needs?: readonly StoreFeature[];
  run(underTest: StoreUnderTest): Promise<void>;
}
