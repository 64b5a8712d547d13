import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'plain-english-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function check(text: string) {
  const file = join(folder, 'page.md');
  writeFileSync(file, text);
  return spawnSync(process.execPath, ['.ci/plain-english.mjs', file], { cwd: REPOSITORY, encoding: 'utf8' });
}

test.each([
  'plays the article that this package implements',
  'a name of your own',
  'grants reading alone; the runtime then never writes, and says so when asked to',
  'grants the same to what is not a function',
  'goes over to the session that belongs to a seed',
  'the first value set stands for good',
  'a lean one of our own',
  'The session in hand',
  'are known by their events',
  'is not brought back',
  'No error, log line or trace tells a session id',
  'One thing cannot be told apart.',
  'comes too late: the response has begun',
  'while this one had it in hand',
  'Mend or delete the file; it was left as it is',
  'Of data that is an object only the fields that changed are written',
  'call the article\'s handler by hand',
  'functions to attach at once',
  'the row there is to be',
  'measures all of it anew',
])('complains about: %s', (phrase) => {
  expect(check(`A line.\n${phrase}\n`)).toMatchObject({ status: 1, stdout: expect.stringContaining('page.md:2: "') });
});

test.each([
  'replays the article this package is based on',
  'the built-in lightweight client',
  'saving changes to it throws a `SessionConflictError`',
  'Session ids never appear in errors, logs or traces',
  'If there are several, the last one counts. Of course this is fine.',
])('accepts: %s', (sentence) => {
  expect(check(sentence)).toMatchObject({ status: 0 });
});
