import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Consumer } from './consumer';

const REPOSITORY = join(__dirname, '..', '..');
const ROSETTA = join(dirname(require.resolve('jsii-rosetta/package.json')), 'bin', 'jsii-rosetta');
/** What handlers in the README may import beside the package. */
const OTHER_IMPORTS = ['@aws-lambda-powertools', '@aws-sdk', '@middy', '@types/aws-lambda', 'arktype', 'hono', 'valibot', 'zod'];

let consumer: Consumer;
beforeAll(async () => { consumer = await Consumer.create(); });
afterAll(() => consumer?.remove());

test('the handlers in the README compile in an app that has the package installed', async () => {
  OTHER_IMPORTS.forEach(link);
  const files = fences('js').map((code, index) => {
    const file = `readme-handler-${index + 1}.ts`;
    writeFileSync(join(consumer.folder, file), code);
    return file;
  });
  const compilerOptions = {
    noEmit: true, strict: true, skipLibCheck: true, target: 'es2022', lib: ['es2022'], types: ['node'], module: 'preserve', moduleResolution: 'bundler',
  };
  writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));

  expect(files).not.toEqual([]);
  expect(await consumer.runInstalled('typescript/bin/tsc', '-p', 'tsconfig.json')).toBe('');
});

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

function link(name: string): void {
  symlinkSync(join(REPOSITORY, 'node_modules', name), join(consumer.folder, 'node_modules', name));
}
