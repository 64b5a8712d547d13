/**
 * Builds what is published of the runtime: one self-contained bundle per module format, its declarations, and the
 * licences of the third-party code inside.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import { ENTRIES } from './entries';
import { thirdPartyLicenses } from './third-party-licenses';

const SOURCES = join(__dirname, 'src');
const ENTRY_FILES = Object.values(ENTRIES).map((file) => join(SOURCES, `${file}.ts`));

const LIB = join(__dirname, 'lib');
const FORMATS = { esm: 'module', cjs: 'commonjs' } as const;
type Format = keyof typeof FORMATS;

rmSync(LIB, { recursive: true, force: true });
const bundled = formats().flatMap(bundle);
writeDeclarations();
writeFileSync(join(LIB, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(bundled));

function formats(): Format[] {
  return Object.keys(FORMATS) as Format[];
}

/** Returns the files that went into the bundle. */
function bundle(format: Format): string[] {
  const outdir = join(LIB, format);
  const { metafile } = buildSync({
    absWorkingDir: dirname(__dirname),
    entryPoints: ENTRY_FILES,
    outdir,
    format,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // Packages that offer both are smaller as ES modules, of which the unused parts are dropped.
    mainFields: ['module', 'main'],
    // The signer never gets to the second, but an `import()` of it keeps whatever it shares with the signer from being dropped.
    external: ['./index.js', '../index.js', 'express-session', '@smithy/core/event-streams'],
    charset: 'utf8',
    sourcemap: 'linked',
    // For stack traces the lines suffice; the sources themselves would make a third of what is installed with Lambda code.
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: '/*! cdk-session-table/lambda-runtime, Apache-2.0. Third-party code inside: see THIRD-PARTY-LICENSES.txt */' },
    metafile: true,
    logLevel: 'warning',
  });
  Object.keys(metafile.outputs).filter((file) => file.endsWith('.js')).forEach(letUnusedBeDropped);
  writeFileSync(join(outdir, 'package.json'), `${JSON.stringify({ type: FORMATS[format], sideEffects: false })}\n`);
  return Object.keys(metafile.inputs);
}

/**
 * Marks the packages inside as what they say they are, free of side effects (`sideEffects` in their package.json). By what
 * esbuild made of them, the consumer's bundler could not know, and would keep the cookies of whoever uses a header, and a source
 * of random ids that nobody asks for.
 */
function letUnusedBeDropped(file: string): void {
  const path = join(dirname(__dirname), file);
  const code = readFileSync(path, 'utf8')
    .replace(/= __commonJS\(/g, '= /* @__PURE__ */ __commonJS(')
    .replace(/__toESM\((require_\w+\(\))/g, '/* @__PURE__ */ __toESM(/* @__PURE__ */ $1')
    .replace(/= bindV4\(/g, '= /* @__PURE__ */ bindV4(')
    .replace(/extends bindUint8ArrayBlobAdapter\(/g, 'extends /* @__PURE__ */ bindUint8ArrayBlobAdapter(');
  writeFileSync(path, code);
}

/** The same declarations for each format: the `package.json` beside them says which one they describe. */
function writeDeclarations(): void {
  const program = programOf(join(__dirname, 'tsconfig.types.json'));
  const { diagnostics } = program.emit(undefined, (path, text) => {
    const name = relative(SOURCES, path);
    if (name.startsWith('..')) return; // inlined by the bundle, not mentioned in declarations
    for (const format of formats()) {
      const target = join(LIB, format, name);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  });
  failOn(diagnostics);
}

function programOf(tsconfig: string): ts.Program {
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => failOn([diagnostic]) };
  const config = ts.getParsedCommandLineOfConfigFile(tsconfig, undefined, host)!;
  const program = ts.createProgram(ENTRY_FILES, config.options);
  failOn([...config.errors, ...ts.getPreEmitDiagnostics(program)]);
  return program;
}

function failOn(diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  throw new Error(ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (path) => path,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => '\n',
  }));
}
