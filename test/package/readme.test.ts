import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Consumer } from './consumer';

const REPOSITORY = join(__dirname, '..', '..');
const ROSETTA = join(dirname(require.resolve('jsii-rosetta/package.json')), 'bin', 'jsii-rosetta');

let consumer: Consumer;
beforeAll(async () => { consumer = await Consumer.create(); });
afterAll(() => consumer?.remove());

test('the examples of the construct, in the README and in its API, compile and can be written in the other languages', async () => {
  cpSync(join(REPOSITORY, 'rosetta'), join(consumer.packageFolder, 'rosetta'), { recursive: true });
  const translations = join(consumer.folder, 'translations.json');

  await consumer.run([ROSETTA, 'extract', '--strict', '--cache-to', translations, consumer.packageFolder]);

  const snippets = Object.values<any>(JSON.parse(readFileSync(translations, 'utf8')).snippets);
  const originals = snippets.filter(({ location }) => location.api.api === 'moduleReadme').map((snippet) => snippet.translations.$.source);
  expect(originals.sort()).toEqual(fences('ts').map((code) => code.trimEnd()).sort());
  expect(originals).not.toEqual([]);
}, 180_000);

/** The code of the README's examples in a language. */
function fences(language: string): string[] {
  const readme = readFileSync(join(consumer.packageFolder, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].filter(([, name]) => name === language).map(([, , code]) => code);
}
