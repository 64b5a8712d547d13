import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { sessions as honoSessions } from '../../../lambda-runtime/src/adapters/hono.js';
import { fetchSession, sessions as nodeSessions } from '../../../lambda-runtime/src/adapters/node.js';
import * as runtime from '../../../lambda-runtime/src/index.js';
import { MemoryStore, SessionOptionsError, session, streamingSession } from '../../../lambda-runtime/src/index.js';

const store = new MemoryStore();
const handler = async () => undefined;

const WRAPPERS: [string, (...args: any[]) => unknown][] = [
  ['session', session], ['streamingSession', streamingSession], ['fetchSession', fetchSession],
];

const NO_OPTIONS: [string, unknown][] = [
  ['null', null], ['a string', 'x'], ['a function', handler],
  ['a promise of options', Promise.resolve({ store })], ['a list of options', [{ store }]], ['a Map', new Map([['update', true]])],
];

describe.each(WRAPPERS)('%s()', (name, wrap) => {
  test.each<[string, unknown[]]>([
    ['undefined', [undefined]],
    ['undefined, with options', [undefined, { store }]],
    ['null', [null]],
    ['a string', ['x']],
    ['a number', [17]],
    ['a promise of a handler', [Promise.resolve(handler), { store }]],
    ['options first, the handler second', [{ store }, handler]],
  ])('refuses what is no handler: %s', (_, args) => {
    expect(() => wrap(...args)).toThrow(SessionOptionsError);
    expect(() => wrap(...args)).toThrow(`${name}() wraps a handler function, got `);
  });

  test.each(NO_OPTIONS)('refuses options that are %s', (_, options) => {
    expect(() => wrap(handler, options)).toThrow(SessionOptionsError);
    expect(() => wrap(handler, options)).toThrow('the options must be an object, got ');
  });
});

describe.each<[string, (options: any) => unknown]>([['Hono', honoSessions], ['servers on a port', nodeSessions]])('the middleware for %s', (_, make) => {
  test.each(NO_OPTIONS)('refuses options that are %s', (__, options) => {
    expect(() => make(options)).toThrow(SessionOptionsError);
    expect(() => make(options)).toThrow('the options must be an object, got ');
  });

  test('refuses a sessionId that is no function', () => {
    expect(() => make({ store, sessionId: 'x' })).toThrow('sessionId must be a function, got \'x\'');
  });
});

test('a wrapper is not made of a promise of options', () => {
  expect(() => session(Promise.resolve({ store }) as never)).toThrow('the options must be an object, got Promise');
});

test('options may be an instance of a class, or a module', () => {
  class Options { readonly update = true; readonly store = store; }

  expect(() => session(handler, new Options())).not.toThrow();
  expect(() => session(handler, Object.assign(Object.create(null), { store, [Symbol.toStringTag]: 'Module' }) as never)).not.toThrow();
});

test('a wrapper of session(options) refuses what is no handler, too', () => {
  for (const wrong of [undefined, null, 'x', {}]) {
    expect(() => session({ store })(wrong as never)).toThrow('session() wraps a handler function, got ');
  }
});

test('a handler that streams its response is refused, and the error says what to use', () => {
  const streaming = Object.assign(async () => undefined, { [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response' });

  expect(() => session(streaming, { store })).toThrow('use streamingSession() instead of awslambda.streamifyResponse()');
});

describe.each([['standard decorators', false], ['experimentalDecorators, as cdk init sets them', true]])('with %s', (_, experimentalDecorators) => {
  const options: ts.CompilerOptions = {
    strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, ignoreDeprecations: '6.0', experimentalDecorators, skipLibCheck: true, types: ['node'],
  };

  /** Compiles a module with full type checks. */
  function compile(source: string): { readonly code: string; readonly errors: string[] } {
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    const file = `${__dirname}/decorated.ts`;
    host.getSourceFile = (name, ...rest) => name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
    host.fileExists = (name) => name === file || fileExists(name);
    host.readFile = (name) => name === file ? source : readFile(name);
    let code = '';
    const program = ts.createProgram([file], options, { ...host, writeFile: (name, text) => { if (name.endsWith('decorated.js')) code = text; } });
    const errors = ts.getPreEmitDiagnostics(program).filter(({ file: at }) => at === undefined || at.fileName === file);
    program.emit(program.getSourceFile(file));
    return { code, errors: errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')) };
  }

  function run(code: string): any {
    const exports: any = {};
    runInContext(code, createContext({ exports, require: () => runtime, Symbol, Object }));
    return exports;
  }

  const IMPORTS = 'import { session, setSessionData, getSessionData, MemoryStore } from \'../../../lambda-runtime/src/index.js\';\nconst store = new MemoryStore();\n';

  test('a decorated method has a session, its own this, and its types', async () => {
    const { code, errors } = compile(`${IMPORTS}
      export class Chat {
        readonly greeting = 'hello';

        @session({ store, update: true })
        async handler(event: { headers: object; name: string }): Promise<string> {
          setSessionData((getSessionData<number>() ?? 0) + 1);
          return \`\${this.greeting} \${event.name} \${getSessionData()}\`;
        }

        @session({ store, update: true })
        static async shared(event: { headers: object }): Promise<unknown> {
          return getSessionData();
        }
      }
      export const typed: Promise<string> = new Chat().handler({ headers: {}, name: 'Eve' });
    `);
    expect(errors).toEqual([]);
    const { Chat } = run(code);
    const event = { headers: { 'session-id': 'id' }, name: 'Ada' };

    expect([await new Chat().handler(event), await new Chat().handler(event), await Chat.shared(event)]).toEqual(['hello Ada 1', 'hello Ada 2', 2]);
  }, 120_000);

  test.each([
    ['a field', '@session({ store }) handler = async () => null;'],
    ['a getter', '@session({ store }) get handler() { return async () => null; }'],
  ])('decorating %s is refused when the class is defined', (__, member) => {
    const { outputText } = ts.transpileModule(`${IMPORTS} export class Chat { ${member} }`, { compilerOptions: options });

    expect(() => run(outputText)).toThrow(SessionOptionsError);
    expect(() => run(outputText)).toThrow('@session() decorates methods, and handler is not one');
  });
});
