import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { entryBesideCaller } from './private/entry-beside-caller';
import { fastBundling } from './private/fast-bundling';

/**
 * The properties of a function with sessions: those of `NodejsFunction`, with defaults that make it start fast.
 *
 * These defaults differ from `NodejsFunction`: `runtime` is Node.js 24, the newest LTS version that Lambda offers;
 * `architecture` is arm64; `bundling` has `format: ESM` and `minify: true`, unless `bundling` sets them itself. CommonJS
 * dependencies work in the ES module: `require()`, `__dirname` and `__filename` are there for them.
 */
export interface SessionFunctionProps extends NodejsFunctionProps {
  /**
   * The table that holds the sessions; the function is attached to it.
   */
  readonly sessionTable: ISessionTable;

  /**
   * Whether stack traces lead to the lines of the sources rather than of the bundle. Adds a source map to the bundle, and
   * `--enable-source-maps` to the environment variable `NODE_OPTIONS`.
   *
   * Each cold start takes longer: 2 to 5 ms on Node.js 24, 5 to 14 ms on Node.js 22, more with a larger bundle; and the
   * first error takes as long as Node.js needs to read the map.
   *
   * @default false
   */
  readonly sourceMaps?: boolean;
}

/**
 * A Node.js function with sessions, bundled by esbuild so that it starts fast.
 *
 * Without `entry`, the handler is `<file>.<id>.ts` (or `.js`, `.mjs`, `.mts`, `.cts`, `.cjs`) beside the file that creates
 * the function, as with `NodejsFunction`. In languages other than JavaScript and TypeScript, `entry` is required.
 *
 * @example
 * const sessionTable = new SessionTable(this);
 * new SessionFunction(this, 'Chat', { sessionTable, entry: 'src/chat.ts' });
 */
export class SessionFunction extends NodejsFunction {
  /**
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the properties of the function
   */
  constructor(scope: Construct, id: string, props: SessionFunctionProps) {
    const { sessionTable, sourceMaps = false, ...functionProps } = props;
    super(scope, id, {
      ...functionProps,
      runtime: functionProps.runtime ?? Runtime.NODEJS_24_X,
      architecture: functionProps.architecture ?? Architecture.ARM_64,
      ...sourceMaps && { environment: withSourceMaps(functionProps.environment) },
      ...functionProps.code === undefined && {
        entry: functionProps.entry ?? entryBesideCaller(`${scope.node.path}/${id}`, id, SessionFunction),
        bundling: fastBundling(functionProps.bundling, sourceMaps),
      },
    });
    sessionTable.attach(this);
  }
}

/** `NODE_OPTIONS` is left alone unless asked for: each option costs time at every start. */
function withSourceMaps(environment: { [name: string]: string } = {}): { [name: string]: string } {
  return { ...environment, NODE_OPTIONS: [environment.NODE_OPTIONS, '--enable-source-maps'].filter(Boolean).join(' ') };
}
