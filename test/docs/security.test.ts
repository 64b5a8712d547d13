import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

describe.each([['security.md', 40], ['security-hub.md', 8], ['reliability.md', 30]])('docs/%s', (page, atLeast) => {
  /** Links whose text is the title of a test, or its beginning where the title has parameters. */
  const references = Array.from(readFileSync(join(DOCS, page), 'utf8').matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g))
    .map(([, title, file]) => [title, file] as const);

  test('refers to tests', () => {
    expect(references.length).toBeGreaterThan(atLeast);
  });

  test.each(references)('refers to a test that exists: %s', (title, file) => {
    const source = readFileSync(join(DOCS, file), 'utf8').replaceAll('\\\'', '\'');

    expect(source).toContain(`'${title}`);
  });
});
