import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');
/** Generated, and texts without code of their own. */
const EXEMPT = /^docs\/(api|decisions)\//;

export interface CodeBlock {
  /** The file and the line at which the block begins. */
  readonly place: string;
  readonly language: string;
  /** What follows the language. */
  readonly detail: string;
  readonly code: string;
}

/** The fenced code blocks of the README and of docs/. */
export function codeBlocks(): CodeBlock[] {
  const pages = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md')).map((file) => join('docs', file));
  return ['README.md', ...pages].filter((file) => !EXEMPT.test(file)).flatMap(blocksOf);
}

function blocksOf(file: string): CodeBlock[] {
  const page = readFileSync(join(REPOSITORY, file), 'utf8');
  return [...page.matchAll(/^```([\w-]*) ?([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
    place: `${relative('.', file)}:${page.slice(0, match.index).split('\n').length}`,
    language: match[1],
    detail: match[2],
    code: match[3],
  }));
}
