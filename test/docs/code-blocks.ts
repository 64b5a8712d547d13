import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');
/** Generated, and texts without code of their own. */
const EXEMPT = /^docs\/(api|decisions)\//;

export interface CodeBlock {
  readonly file: string;
  /** The file and the line at which the block begins. */
  readonly place: string;
  readonly language: string;
  /** What follows the language. */
  readonly detail: string;
  /** The file and the detail. */
  readonly name: string;
  readonly code: string;
  /** The file of the test that runs the block, or why nothing can; undefined for one that nobody thought of. */
  readonly runner?: string;
}

/** Which test runs a block, by its language and detail and, where that is not enough, by its page. The first entry that fits counts. */
const RUNNERS: ReadonlyArray<readonly [block: RegExp, runner: string]> = [
  [/^mermaid /, 'nothing: a picture, which GitHub draws'],
  [/^ts (fixture=with-imports)?$/, 'package/readme.test.ts, by jsii-rosetta; of docs/, code-blocks.test.ts'],
  [/^ts nofixture$/, 'code-blocks.test.ts; that of the README, e2e/deploy-readme.ts and field/first-hour.test.ts'],
  [/^mts test$/, 'field/first-hour.test.ts'],
  [/^js node-test$/, 'code-blocks.test.ts'],
  [/^js jest$/, 'code-blocks.test.ts, and with swc and ts-jest field/toolchains.test.ts'],
  [/^js vitest$/, 'field/toolchains.test.ts'],
  [/^js (agents|langchain)$/, 'field/conversation-docs.test.ts'],
  [/^js (express|fastify|react-router|better-auth|node|fetch)$/, 'field/frameworks-docs.test.ts'],
  [/^m?(js|ts) [\w-]+$/, 'handler-samples.test.ts'],
  [/^(yaml|hcl) /, 'code-blocks.test.ts, e2e/check-templates.ts'],
  [/^(json|console) /, 'code-blocks.test.ts'],
  [/^python /, 'languages/check-python.ts, by npm run languages'],
  [/^(java|xml) /, 'languages/check-java.ts, by npm run languages; code-blocks.test.ts compares'],
];

/** The fenced code blocks of the README and of docs/. */
export function codeBlocks(): CodeBlock[] {
  return pages().flatMap(blocksOf);
}

/** Code between backticks in a line of a page, if it fits the pattern. */
export function codeInLines(pattern: RegExp): string[] {
  return pages().flatMap((file) => {
    const prose = readFileSync(join(REPOSITORY, file), 'utf8').replace(/^```.*?^```$/gms, '');
    return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code).filter((code) => pattern.test(code));
  });
}

function pages(): string[] {
  const docs = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md')).map((file) => join('docs', file));
  return ['README.md', ...docs].filter((file) => !EXEMPT.test(file));
}

function blocksOf(file: string): CodeBlock[] {
  const page = readFileSync(join(REPOSITORY, file), 'utf8');
  return [...page.matchAll(/^```([\w-]*) ?([^\n]*)\n(.*?)^```$/gms)].map(({ index, 1: language, 2: detail, 3: code }) => ({
    file,
    place: `${file}:${page.slice(0, index).split('\n').length}`,
    language,
    detail,
    name: `${file} ${detail}`,
    code,
    runner: RUNNERS.find(([block]) => block.test(`${language} ${detail}`))?.[1],
  }));
}
