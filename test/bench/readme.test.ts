import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

test('the README says of a cold start what docs/benchmarks.json has', () => {
  const [, own, sdk] = /a client feels it\s+for about (\d+) ms, the AWS SDK used manually and tuned for (\d+) ms \(Node\.js 24;/.exec(read('README.md'))!;
  const { node24 } = JSON.parse(read('docs/benchmarks.json'))['cold-start'];
  const felt = (peer: string) => `${Math.round(node24[peer].felt512.median)}`;

  expect([own, sdk]).toEqual([felt('cdk-session-table'), felt('aws-sdk-tuned')]);
});
