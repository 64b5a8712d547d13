import { BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * What CommonJS modules have in scope and ES modules do not: `require()`, which esbuild keeps for modules that it does not
 * bundle, and the location of the file. As properties of the global object they do not collide with declarations of the same
 * names in a banner or in the bundled code.
 */
const COMMON_JS = "import{createRequire as createRequireForCommonJs}from'node:module';"
  + 'globalThis.require??=createRequireForCommonJs(import.meta.url);'
  + 'globalThis.__filename??=import.meta.filename;globalThis.__dirname??=import.meta.dirname;';

const BANNER = '--banner:js';

/** Completes `bundling` with defaults that make a function start fast. */
export function fastBundling(bundling: BundlingOptions = {}, sourceMaps: boolean = false): BundlingOptions {
  const format = bundling.format ?? formatIn(bundling.esbuildArgs);
  return {
    ...bundling,
    format,
    minify: bundling.minify ?? true,
    ...sourceMaps && { sourceMap: bundling.sourceMap ?? true },
    ...format === OutputFormat.ESM && bannerForCommonJs(bundling),
  };
}

/** Arguments for esbuild come after those that `NodejsFunction` derives from its properties, and override them. */
function bannerForCommonJs({ banner, esbuildArgs = {} }: BundlingOptions): BundlingOptions {
  return typeof esbuildArgs[BANNER] === 'string'
    ? { esbuildArgs: { ...esbuildArgs, [BANNER]: withCommonJs(esbuildArgs[BANNER]) } }
    : { banner: withCommonJs(banner) };
}

function withCommonJs(banner: string | undefined): string {
  return banner === undefined ? COMMON_JS : `${banner}\n${COMMON_JS}`;
}

function formatIn(esbuildArgs: BundlingOptions['esbuildArgs']): OutputFormat {
  return esbuildArgs?.['--format'] === OutputFormat.CJS ? OutputFormat.CJS : OutputFormat.ESM;
}
