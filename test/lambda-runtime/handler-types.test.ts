import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

const FILE = join(__dirname, 'generated-from-the-handler-types.ts');
const AWS_LAMBDA = join(dirname(require.resolve('@types/aws-lambda/package.json')), 'index.d.ts');
const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
};
const PRELUDE = `
  import type * as lambda from 'aws-lambda';
  import { session, setSessionData, streamingSession } from '../../lambda-runtime/src/index.js';
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
  const wrapped = session({ update: true, ttl: 900 });
`;

interface HandlerType {
  readonly name: string;
  /** With `any` for what must be given: `AppSyncResolverHandler<any, any>`. */
  readonly type: string;
}

/** Every type of a handler that @types/aws-lambda exports, as its own declarations list them. */
function handlerTypes(): HandlerType[] {
  const program = ts.createProgram([AWS_LAMBDA], OPTIONS);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(AWS_LAMBDA)!)!);
  return exported.filter((symbol) => symbol.name.includes('Handler') && isFunction(checker, symbol)).map((symbol) => {
    const [declaration] = symbol.declarations as ts.TypeAliasDeclaration[];
    const required = (declaration.typeParameters ?? []).filter((parameter) => parameter.default === undefined);
    return { name: symbol.name, type: `lambda.${symbol.name}${required.length > 0 ? `<${required.map(() => 'any').join(', ')}>` : ''}` };
  });
}

function isFunction(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  return checker.getDeclaredTypeOfSymbol(symbol).getCallSignatures().length > 0;
}

/** What the compiler says of each piece of code, compiled together. */
function compile(pieces: readonly string[]): string[] {
  const sources = pieces.map((piece, index) => `namespace piece${index} { ${piece.replace(/\n/g, ' ')} }`);
  const text = `${PRELUDE}\n${sources.join('\n')}`;
  const firstLine = PRELUDE.split('\n').length;
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => file === FILE || fileExists(file);
  host.readFile = (file) => file === FILE ? text : readFile(file);
  host.getSourceFile = (file, ...rest) => file === FILE ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
  const program = ts.createProgram([FILE], OPTIONS, host);
  const file = program.getSourceFile(FILE)!;
  const found = pieces.map(() => '');
  for (const { start, messageText } of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
    const index = file.getLineAndCharacterOfPosition(start!).line - firstLine;
    found[index] += `${ts.flattenDiagnosticMessageText(messageText, '\n')}\n`;
  }
  return found;
}

const types = handlerTypes();
const ordinary = types.filter(({ name }) => name !== 'StreamifyHandler');
/** How a handler of a type can be written; each must give a handler of this type again. */
const WAYS: Readonly<Record<string, (type: string) => string>> = {
  'a handler of this type is wrapped': (type) => `
    declare const inner: ${type};
    export const outer: ${type} = session(inner, { update: true, ttl: 900 });
    export const outerByWrapper: ${type} = wrapped(inner);`,
  'the function gets its event from this type': (type) => `
    export const outer: ${type} = session(async (event) => {
      const same: Same<typeof event, Parameters<${type}>[0]> = true;
      return same as unknown as Awaited<Exclude<ReturnType<${type}>, void>>;
    }, { update: true, ttl: 900 });`,
  'the event is given as a type argument': (type) => `
    export const outer: ${type} = session<Parameters<${type}>[0]>(async (event) => {
      const same: Same<typeof event, Parameters<${type}>[0]> = true;
      return same as unknown as Awaited<Exclude<ReturnType<${type}>, void>>;
    }, { update: true, ttl: 900 });
    export const outerByWrapper: ${type} = wrapped<Parameters<${type}>[0]>(async () => undefined as any);`,
};

test('the list of handler types is what the declarations of @types/aws-lambda say', () => {
  const written = readFileSync(join(dirname(AWS_LAMBDA), 'trigger', 'api-gateway-proxy.d.ts'), 'utf8').match(/(?<=export type )\w+Handler\w*(?=[<\s=])/g)!;

  expect(types.map(({ name }) => name)).toEqual(expect.arrayContaining([...written, 'StreamifyHandler', 'SQSHandler']));
  expect(types.length).toBeGreaterThan(60);
});

describe.each(Object.entries(WAYS))('%s', (_way, code) => {
  const errors = compile(ordinary.map(({ type }) => code(type)));

  test.each(ordinary.map(({ name }, index) => [name, index] as const))('%s', (_name, index) => {
    expect(errors[index]).toBe('');
  });
});

test('a streaming handler is one of StreamifyHandler again', () => {
  const [error] = compile([`
    declare const inner: lambda.StreamifyHandler<lambda.APIGatewayProxyEventV2, void>;
    export const outer: lambda.StreamifyHandler<lambda.APIGatewayProxyEventV2, void> = streamingSession(inner, { update: true, ttl: 900 });`]);

  expect(error).toBe('');
});

test('the result can be used when only the event is given as a type argument', () => {
  const [error] = compile([`
    const handler = session<lambda.APIGatewayProxyEventV2>(async (event) => ({ statusCode: 200, body: event.rawPath }));
    export const status: Promise<number> = handler({} as any).then(({ statusCode }) => statusCode);`]);

  expect(error).toBe('');
});

test('a handler that calls its callback does not compile, and the compiler says what to do', () => {
  const [inline, wrapper, quiet] = compile([
    'session((event: lambda.SQSEvent, context: lambda.Context, callback) => { callback(null, event); });',
    'wrapped((event: lambda.SQSEvent, context: lambda.Context, callback) => { callback(null, event); });',
    'session(async (event: lambda.SQSEvent, context: lambda.Context) => { setSessionData([event, context]); });',
  ]);

  for (const error of [inline, wrapper]) {
    expect(error).toContain('session() does not support callback-style handlers: remove the third parameter and return a promise');
  }
  expect(quiet).toBe('');
});

test('a result that may be missing stays one that may be missing', () => {
  const [error, void_, either] = compile([
    `const handler = session((event: { known: boolean }) => event.known ? Promise.resolve(1) : undefined);
     const same: Same<Awaited<ReturnType<typeof handler>>, number | undefined> = true;`,
    'const handler = session((event: object) => { setSessionData(event); }); const same: Same<Awaited<ReturnType<typeof handler>>, void> = true;',
    `declare const inner: (event: object) => void | Promise<string>; const handler = session(inner);
     const same: Same<Awaited<ReturnType<typeof handler>>, string> = true;`,
  ]);

  expect([error, void_, either]).toEqual(['', '', '']);
});
