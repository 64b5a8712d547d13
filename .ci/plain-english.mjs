// Finds phrases that a native speaker would not use, in all text that git tracks or in the files given as arguments.
// Prints each with what to say instead, and fails if there is any.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** What to avoid, and what to say instead. */
export const RULES = [
  [/\b(tells?|told|telling|untold)\b/i, 'report, return, send, say, distinguish'],
  [/\bat once\b/i, 'immediately, or: at the same time, concurrently'],
  [/\bby hand\b/i, 'manually, locally'],
  [/\ban? \w+ of (your|our|one's) own\b/i, 'your own …; explicit …'],
  [/\b(is|are|was|were) to be\b/i, 'must, will'],
  [/\bbrought back\b/i, 'recreated'],
  [/\bin hand\b/i, 'the … object, current'],
  [/\bfor good\b/i, 'permanently'],
  [/\bfor one[,:]/i, 'for example'],
  [/\b(mend|mends|mended)\b/i, 'fix'],
  [/\banew\b/i, 'again'],
  [/(?:^\s*|[.:;] |['"`] ?|\/\/ |\* |\| )Of (?!course)[a-z]/, 'for …; if there are several …'],
  [/\bcomes? too late\b/i, 'was called too late'],
  [/\bgoes over to\b/i, 'switches to'],
  [/\bare known by\b/i, 'are detected from'],
  [/\bgrants? \w+ alone\b/i, 'grants only'],
  [/\bwhat is not a\b/i, 'anything that is not a'],
  [/\ba lean one\b/i, 'the lightweight one'],
  [/\bsays so when asked\b/i, 'throws if'],
  [/\bplays the article\b/i, 'replays the article'],
  [/\b(had|have|has) it in hand\b/i, 'during this invocation'],
  [/\bleft as it is\b/i, 'has not been modified'],
  [/\ball the same\b/i, 'anyway'],
  [/\b(becomes?|became) of\b/i, 'what happens to'],
  [/\bminds? no\b/i, 'ignores'],
];

const TEXT = /\.(md|ts|mts|cts|tsx|js|mjs|cjs|py|java|ya?ml|html|txt|ts-fixture)$/;
/** Generated, or about these phrases. */
const EXEMPT = /^(API\.md|docs\/api\/|\.github\/workflows\/|\.ci\/plain-english\.mjs$|test\/docs\/plain-english\.test\.ts$|LICENSE)/;

/** The complaints about a text, each with its line. */
export function complaints(text) {
  return text.split('\n').flatMap((line, index) => RULES
    .filter(([phrase]) => phrase.test(line))
    .map(([phrase, instead]) => ({ line: index + 1, phrase: phrase.exec(line)[0].trim(), instead })));
}

function main(files) {
  const tracked = files.length > 0 ? files : execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n');
  const checked = tracked.filter((file) => TEXT.test(file) && !EXEMPT.test(file) && existsSync(file));
  const lines = checked.flatMap((file) => complaints(readFileSync(file, 'utf8'))
    .map(({ line, phrase, instead }) => `${file}:${line}: "${phrase}"; better: ${instead}`));
  lines.forEach((line) => console.log(line));
  console.log(`${checked.length} files, ${lines.length} phrases to replace`);
  process.exitCode = lines.length === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('plain-english.mjs')) {
  main(process.argv.slice(2));
}
