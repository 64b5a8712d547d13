import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

/** Links whose text is the title of a test, or its beginning where the title has parameters. */
const references = Array.from(readFileSync(join(DOCS, 'security.md'), 'utf8').matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g))
  .map(([, title, file]) => [title, file] as const);

test('docs/security.md refers to tests', () => {
  expect(references.length).toBeGreaterThan(40);
});

test.each(references)('docs/security.md refers to a test that there is: %s', (title, file) => {
  const source = readFileSync(join(DOCS, file), 'utf8').replaceAll('\\\'', '\'');

  expect(source).toContain(`'${title}`);
});
