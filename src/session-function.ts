import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BundlingOptions, NodejsFunction, NodejsFunctionProps, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { entryBesideCaller } from './private/entry-beside-caller';

/**
 * How a function with sessions is made: as any `NodejsFunction`, with defaults that start fast.
 *
 * Other defaults than those of `NodejsFunction`: `runtime` is Node.js 24, the newest LTS of Lambda; `architecture` is arm64;
 * `bundling` has `format: ESM`, `minify: true` and `mainFields: ['module', 'main']`, each of which stays unless `bundling`
 * itself sets it. In an ESM bundle, CommonJS dependencies can `require()` what Lambda offers.
 */
export interface SessionFunctionProps extends NodejsFunctionProps {
  /**
   * The table that holds the sessions; the function is attached to it.
   */
  readonly sessionTable: ISessionTable;
}

/**
 * A Node.js function with sessions, bundled by esbuild so that it starts fast.
 *
 * `entry` left out is `<file>.<id>.ts` (or `.js`, `.mjs`, `.mts`, `.cts`, `.cjs`) beside the file that makes the function,
 * as with `NodejsFunction`; in languages other than JavaScript and TypeScript it has to be given.
 *
 * @example
 * const sessionTable = new SessionTable(this);
 * new SessionFunction(this, 'Chat', { sessionTable, entry: 'src/chat.ts' });
 */
export class SessionFunction extends NodejsFunction {
  /**
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props how the function is made
   */
  constructor(scope: Construct, id: string, props: SessionFunctionProps) {
    const { sessionTable, ...functionProps } = props;
    super(scope, id, {
      ...functionProps,
      runtime: functionProps.runtime ?? Runtime.NODEJS_24_X,
      architecture: functionProps.architecture ?? Architecture.ARM_64,
      ...functionProps.code === undefined && {
        entry: functionProps.entry ?? entryBesideCaller(`${scope.node.path}/${id}`, id, SessionFunction),
        bundling: withFastDefaults(functionProps.bundling),
      },
    });
    sessionTable.attach(this);
  }
}

function withFastDefaults(bundling: BundlingOptions = {}): BundlingOptions {
  const format = bundling.format ?? OutputFormat.ESM;
  return {
    ...bundling,
    format,
    minify: bundling.minify ?? true,
    mainFields: bundling.mainFields ?? ['module', 'main'],
    banner: format === OutputFormat.ESM ? withRequire(bundling.banner) : bundling.banner,
  };
}

const REQUIRE = "import{createRequire as createRequireForCommonJs}from'node:module';const require=createRequireForCommonJs(import.meta.url);";

/** Modules that are CommonJS call `require()` for what is not bundled, Node's own modules for one; in ESM there is none. */
function withRequire(banner: string = ''): string {
  return banner.includes('createRequire') ? banner : REQUIRE + banner;
}
