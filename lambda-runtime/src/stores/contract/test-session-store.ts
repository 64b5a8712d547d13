import type { ContractTest, StoreFeature } from './contract-test.js';
import { CREATING } from './creating.js';
import { READING } from './reading.js';
import { REGENERATING } from './regenerating.js';
import { SAVING_FIELDS } from './saving-fields.js';
import { SAVING } from './saving.js';
import { StoreUnderTest } from './store-under-test.js';
import { TOUCHING } from './touching.js';
import type { SessionStore } from '../store.js';

const CONTRACT: readonly ContractTest[] = [...READING, ...CREATING, ...SAVING, ...SAVING_FIELDS, ...TOUCHING, ...REGENERATING];

/**
 * The function that registers a test: `test` of jest, vitest or `node:test`.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { testSessionStore } from 'cdk-session-table/lambda-runtime/stores';
 * import type { RegisterSessionStoreTest } from 'cdk-session-table/lambda-runtime/stores';
 * import { MemoryStore } from 'cdk-session-table/lambda-runtime';
 *
 * const register: RegisterSessionStoreTest = test;
 * testSessionStore({ test: register, createStore: () => new MemoryStore() });
 * ```
 */
export interface RegisterSessionStoreTest {
  (title: string, run: () => Promise<void>): unknown;
  readonly skip: (title: string, run: () => Promise<void>) => unknown;
}

/**
 * What `testSessionStore` needs.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { testSessionStore } from 'cdk-session-table/lambda-runtime/stores';
 * import type { SessionStoreTestProps } from 'cdk-session-table/lambda-runtime/stores';
 * import { MemoryStore } from 'cdk-session-table/lambda-runtime';
 *
 * const props: SessionStoreTestProps = { test, createStore: () => new MemoryStore(), lacks: { 'found-rows': 'reports only that a write failed' } };
 * testSessionStore(props);
 * ```
 */
export interface SessionStoreTestProps {
  /** `test` of your test runner; jest, vitest and `node:test` all fit. */
  readonly test: RegisterSessionStoreTest;
  /**
   * The features that the store lacks, each with the reason. Their tests are skipped, and say why.
   *
   * @default - the store has all features
   */
  readonly lacks?: Readonly<Partial<Record<StoreFeature, string>>>;
  /** Creates an empty store; called once in each test. */
  createStore(): SessionStore | Promise<SessionStore>;
}

/**
 * Registers the tests that every `SessionStore` must pass: conditions, concurrent writes, copies, rows that were added
 * manually. The stores of this package pass them too.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { type SessionStore, testSessionStore } from 'cdk-session-table/lambda-runtime/stores';
 *
 * declare class MyStore {}
 * interface MyStore extends SessionStore {}
 *
 * testSessionStore({ test, createStore: () => new MyStore() });
 * ```
 */
export function testSessionStore({ test, createStore, lacks = {} }: SessionStoreTestProps): void {
  for (const { title, needs = [], run } of CONTRACT) {
    const runOnEmptyStore = async () => run(new StoreUnderTest(await createStore()));
    const missing = needs.find((feature) => lacks[feature] !== undefined);
    if (missing === undefined) {
      test(title, runOnEmptyStore);
    } else {
      test.skip(`${title} [skipped: ${lacks[missing]}]`, runOnEmptyStore);
    }
  }
}
