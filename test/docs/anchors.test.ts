import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');
const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string) => Array.from(readFileSync(join(DOCS, page), 'utf8').matchAll(/^#+ (.+)$/gm))
  .map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

const links = pages.flatMap((page) => Array.from(readFileSync(join(DOCS, page), 'utf8').matchAll(/\]\(([\w-]+\.md)?#([^)]+)\)/g))
  .map(([, target = page, anchor]) => [page, target, anchor]));

test('docs link to parts of pages', () => {
  expect(links.length).toBeGreaterThan(5);
});

test.each(links)('a link of %s leads to a heading of %s: %s', (_, target, anchor) => {
  expect(anchorsOf(target)).toContain(anchor);
});
