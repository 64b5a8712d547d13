import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as runtime from '../../lambda-runtime/src/index.js';

const PAGE = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');
const classes = Object.values(runtime).filter((value): value is typeof runtime.SessionError =>
  value === runtime.SessionError || (value as { prototype?: unknown }).prototype instanceof runtime.SessionError);

test('docs/errors.md has a row for each class of error, and for nothing else', () => {
  const rows = Array.from(PAGE.matchAll(/^\| `(\w+)` \| .+ \| .+ \|$/gm), ([, name]) => name);

  expect(rows.sort()).toEqual(classes.filter((each) => each !== runtime.SessionError).map(({ name }) => name).sort());
  expect(PAGE).toContain('All extend `SessionError`');
});

test.each(classes.map((each) => [each.name, each] as const))('%s has the name of its class, so that copies of the package can be distinguished by it', (name, ErrorClass) => {
  const error = new ErrorClass('what failed', { cause: 'why' });

  expect([error.name, error.message, error.cause]).toEqual([name, 'what failed', 'why']);
  expect(error).toBeInstanceOf(runtime.SessionError);
});
