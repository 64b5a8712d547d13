import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadESLint } from 'eslint';
import { FLOORS } from '../../lambda-runtime/floors';
import { findCircle } from '../fixtures/circles';

const REPOSITORY = join(__dirname, '..', '..');
const SOURCES = join(REPOSITORY, 'lambda-runtime', 'src');

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const sources = new Map(files.map((file) => [file, readFileSync(join(SOURCES, file), 'utf8')]));

/** What the project's guard of the floors says about a file with one more import; of the other rules, some need types. */
async function complaints(file: string, plantedImport: string): Promise<string[]> {
  const ESLint = await loadESLint({ useFlatConfig: false });
  const { rules } = await new ESLint({ cwd: REPOSITORY }).calculateConfigForFile(join(SOURCES, file));
  const others = Object.keys(rules).filter((rule) => rule !== 'import/no-restricted-paths');
  const eslint = new ESLint({
    cwd: REPOSITORY,
    overrideConfig: { parserOptions: { project: null }, rules: Object.fromEntries(others.map((rule) => [rule, 'off'])) },
  });
  const [{ messages }] = await eslint.lintText(`${plantedImport}\n${sources.get(file)!}`, { filePath: join(SOURCES, file) });
  return messages.filter(({ ruleId }) => ruleId !== null).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

describe('lint refuses an import', () => {
  const refusal = [expect.stringMatching(/^import\/no-restricted-paths: .*a room knows only the floors below it/)];

  test.each([
    ['from a higher floor', 'session/expiry.ts', "import { saveSession } from '../lifecycle/save.js';"],
    ['of a type from a higher floor', 'session/expiry.ts', "import type { SaveOperation } from '../lifecycle/save-operation.js';"],
    ['from a door', 'lifecycle/save.ts', "import { session } from '../session.js';"],
    ['of a type from a door', 'lifecycle/save.ts', "import type { SessionHandler } from '../index.js';"],
    ['from a room on the same floor', 'session/expiry.ts', "import { detectFormat } from '../events/detect-format.js';"],
    ['of a type from a room on the same floor', 'session/expiry.ts', "import type { EventFormat } from '../events/event-format.js';"],
    ['from the store on DynamoDB into the stores below it', 'stores/store.ts', "import { DynamoDBStore } from './dynamodb/dynamodb-store.js';"],
    ['of a type from anywhere, into the ground floor', 'platform/pause.ts', "import type { Item } from '../dynamodb/values/attribute-value.js';"],
  ])('%s', async (_, file, plantedImport) => {
    expect(await complaints(file, plantedImport)).toEqual(refusal);
  });
});

describe('lint accepts an import', () => {
  test.each([
    ['from a lower floor', 'lifecycle/save.ts', "import { isExpired } from '../session/expiry.js';"],
    ['from the same room', 'session/expiry.ts', "import { NO_DATA } from './session-state.js';"],
    ['of the errors, from every floor', 'platform/pause.ts', "import { SessionError } from '../errors.js';"],
  ])('%s', async (_, file, plantedImport) => {
    expect(await complaints(file, plantedImport)).toEqual([]);
  });
});

test('the floors name every room', () => {
  const rooms = new Set(FLOORS.flat().map((glob) => /^[\w-]+/.exec(glob)?.[0]));
  const folders = readdirSync(SOURCES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

  expect(folders.filter((folder) => !rooms.has(folder))).toEqual([]);
});

test('the map names every door and every room', () => {
  const map = readFileSync(join(SOURCES, 'README.md'), 'utf8');
  const doors = files.filter((file) => !file.includes('/') || file.startsWith('adapters/')).map((file) => file.replace('adapters/', ''));
  const rooms = files.filter((file) => file.includes('/')).map((file) => `${file.slice(0, file.lastIndexOf('/'))}/`);

  expect([...doors, ...new Set(rooms)].filter((name) => !map.includes(`\`${name}\``))).toEqual([]);
});

describe('files that import each other in a circle', () => {
  test('are not in the runtime, types included', () => {
    expect(findCircle(sources)).toBeUndefined();
  });

  test.each([
    ['by what they import', "import { retries } from './lightweight-client.js';"],
    ['by a type alone', "import type { Anything } from './lightweight-client.js';"],
    ['by what they export further', "export * from './lightweight-client.js';"],
    ['by what they import while they run', "void import('./lightweight-client.js');"],
  ])('are found where they are planted: %s', (_, plantedImport) => {
    const planted = 'dynamodb/client/retry.ts';
    const circle = findCircle(new Map(sources).set(planted, `${plantedImport}\n${sources.get(planted)!}`))!;

    expect(circle).toEqual(expect.arrayContaining([planted, 'dynamodb/client/lightweight-client.ts']));
    expect(circle[0]).toBe(circle.at(-1));
  });
});
