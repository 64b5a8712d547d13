import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MemoryStore } from '../../../lambda-runtime/src/index.js';
import { testSessionStore } from '../../../lambda-runtime/src/stores.js';
import type { SessionStore } from '../../../lambda-runtime/src/stores.js';
import { useBundles } from '../../fixtures/bundled.js';

const bundles = useBundles();

test('the example store passes the contract under node:test', async () => {
  const file = join(bundles.bundle('examples/own-store/directory-store.test.ts'), 'index.js');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;

  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter', 'tap', file], { env });

  expect(stdout).toMatch(/^# pass [4-9]\d$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(stdout).toMatch(/^# skipped 0$/m);
});

/** The titles of the tests that fail on a store. */
async function failedTests(createStore: () => SessionStore): Promise<string[]> {
  const failed: string[] = [];
  const runs: Promise<void>[] = [];
  const register = Object.assign(
    (title: string, run: () => Promise<void>) => runs.push(run().catch(() => { failed.push(title); })),
    { skip: () => undefined },
  );
  testSessionStore({ test: register, createStore });
  await Promise.all(runs);
  return failed.sort();
}

/** A memory store with one fault. */
function faulty(fault: (store: MemoryStore) => Partial<SessionStore>): () => SessionStore {
  return () => {
    const store = new MemoryStore();
    return Object.assign(Object.create(store), fault(store)) as SessionStore;
  };
}

test('a store without a fault fails none of the contract\'s tests', async () => {
  expect(await failedTests(() => new MemoryStore())).toEqual([]);
});

test.each<[string, (store: MemoryStore) => Partial<SessionStore>, string]>([
  ['overwrites a row that exists', (store) => ({
    create: async ({ row }) => {
      await store.destroy(row.key.S!);
      return store.create({ row });
    },
  }), 'create: does not overwrite a row'],
  ['ignores which row it may replace', (store) => ({
    create: async ({ row, replaces }) => {
      if (replaces !== undefined) await store.destroy(row.key.S!);
      return store.create({ row });
    },
  }), 'create: does not replace a row that was saved in the meantime'],
  ['ignores the version', (store) => ({
    save: (change) => store.save({ ...change, condition: change.condition === 'same-version' ? 'any-value' : change.condition }),
  }), 'save: does not write over another version'],
  ['brings back what was destroyed', (store) => ({
    save: async (change) => {
      await store.create({ row: change.from });
      return store.save(change);
    },
  }), 'save: does not bring back a row that was destroyed'],
  ['reads before it writes, in two steps', (store) => ({
    save: async (change) => {
      const from = await store.get(change.from.key.S!);
      await new Promise(setImmediate);
      return from === undefined ? { written: false, mayBeApplied: false } : store.save({
        ...change, from, condition: 'any-value', value: change.value ?? { M: { ...from.value?.M, ...change.fields?.set } }, fields: undefined,
      });
    },
  }), 'save: loses none of 20 concurrent saves of single fields'],
  ['forgets the row that is in the way', (store) => ({
    create: async (creation) => {
      const result = await store.create(creation);
      return result.written ? result : { ...result, found: undefined };
    },
  }), 'create: returns the existing row'],
  ['renews whatever is there', (store) => ({
    touch: async (touch) => store.touch({ ...touch, from: (await store.get(touch.from.key.S!)) ?? touch.from, now: 0 }),
  }), 'touch: does not renew a row that has expired'],
  ['keeps the old row of a regenerated session', (store) => ({
    regenerate: async ({ row }) => store.create({ row }),
  }), 'regenerate: puts the row under its new key and the forwarding row under the old one'],
  ['forgets where a regenerated session has moved to', (store) => ({
    regenerate: async (regeneration) => {
      const result = await store.regenerate(regeneration);
      if (result.written) await store.destroy(regeneration.from.key.S!);
      return result;
    },
  }), 'regenerate: puts the row under its new key and the forwarding row under the old one'],
  ['saves to what has expired', (store) => ({
    save: async (change) => store.save({ ...change, now: 0 }),
  }), 'save: does not write into a session that has expired'],
  ['does not return what it deletes', (store) => ({
    destroy: async (key) => store.destroy(key).then(() => undefined),
  }), 'destroy: deletes the row and no other, and returns it'],
  ['destroys everything', (store) => ({
    destroy: async (key) => Promise.all(['the-id', 'other'].map((each) => store.destroy(each))).then(([one, other]) => (key === 'the-id' ? one : other)),
  }), 'destroy: deletes the row and no other, and returns it'],
])('a store that %s fails the contract', async (_, fault, title) => {
  expect(await failedTests(faulty(fault))).toContain(title);
});
