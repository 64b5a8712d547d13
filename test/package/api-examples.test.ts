import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as ts from 'typescript';
import { ENTRIES, pathOfEntry } from '../../lambda-runtime/entries';

const REPOSITORY = join(__dirname, '..', '..');
const SOURCES = join(REPOSITORY, 'lambda-runtime', 'src');
/** Where the frameworks are installed that examples import. */
const EXAMPLES = join(REPOSITORY, 'test', 'field');
const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  noUnusedLocals: true,
  skipLibCheck: true,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  typeRoots: [join(REPOSITORY, 'node_modules', '@types')],
  module: ts.ModuleKind.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  paths: {
    ...Object.fromEntries(Object.entries(ENTRIES).map(([entry, file]) => [`cdk-session-table/${pathOfEntry(entry)}`, [join(SOURCES, `${file}.ts`)]])),
  },
};
/** An example may declare something to show its type, and not use it further: `const row: SessionRow = …`. */
const DECLARED_BUT_UNUSED = [6133, 6198];

interface Export {
  readonly entry: string;
  readonly name: string;
  readonly example: string | undefined;
}

/** What users can import, with the first example of its doc comment. */
function publicExports(): Export[] {
  const files = Object.values(ENTRIES).map((file) => join(SOURCES, `${file}.ts`));
  const program = ts.createProgram(files, OPTIONS);
  const checker = program.getTypeChecker();
  return files.flatMap((file) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!)
    .filter((symbol) => !isInternal(symbol))
    .map((symbol) => {
      const target = ts.isExportSpecifier(symbol.declarations![0]) ? checker.getAliasedSymbol(symbol) : symbol;
      return {
        entry: basename(file, '.ts'),
        name: symbol.name,
        example: target.declarations!.flatMap((declaration) => examplesOf(declaration))[0],
      };
    }));
}

/** Marked as such where it is exported, for the entries beside it. */
function isInternal(symbol: ts.Symbol): boolean {
  const declaration = symbol.declarations![0];
  return ts.isExportSpecifier(declaration) && ts.getJSDocTags(declaration.parent.parent).some(({ tagName }) => tagName.text === 'internal');
}

function examplesOf(declaration: ts.Declaration): string[] {
  return ts.getJSDocTags(declaration).filter(({ tagName }) => tagName.text === 'example').map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
}

const exported = publicExports();
const names = exported.map(({ entry, name }) => `${entry} ${name}`);
const code = exported.map(({ example }) => /^```ts\n(.*)\n```$/s.exec(example ?? '')?.[1]);

/** What the compiler says of each example, each a module in the folder of the examples. */
function compile(): string[] {
  const fileOf = (index: number) => join(EXAMPLES, `example-${index}.ts`);
  const texts = new Map(code.map((each, index) => [fileOf(index), `${each ?? ''}\nexport {};\n`]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return [...texts.keys()].map((name) => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .filter(({ code: number, start }) => !DECLARED_BUT_UNUSED.includes(number) || isImport(file, start!))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n');
  });
}

function isImport(file: ts.SourceFile, position: number): boolean {
  return file.statements.some((statement) => ts.isImportDeclaration(statement) && statement.getStart(file) <= position && position < statement.end);
}

test('every public export has an example in TypeScript', () => {
  expect(names.filter((_, index) => code[index] === undefined)).toEqual([]);
  expect(exported.length).toBeGreaterThan(130);
});

test('every example uses what it is an example of', () => {
  const missing = names.filter((name, index) => !new RegExp(`\\b${name.split(' ')[1]}\\b`).test(code[index] ?? ''));

  expect(missing).toEqual([]);
});

test('every example compiles', () => {
  const errors = compile();

  expect(names.flatMap((name, index) => errors[index] === '' ? [] : [`${name}: ${errors[index]}`])).toEqual([]);
}, 120_000);

test('the reference shows the examples', () => {
  const pages = [...new Set(exported.map(({ entry }) => join(REPOSITORY, 'docs', 'api', `${entry}.md`)))].filter((page) => existsSync(page));
  const reference = pages.map((page) => readFileSync(page, 'utf8')).join('\n');

  expect(names.filter((_, index) => !reference.includes(code[index] ?? '-'))).toEqual([]);
});
