import { BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * What CommonJS modules find in scope and ES modules do not: `require()`, which esbuild leaves in place for what it does not
 * bundle, and where the file is. As properties of the global object they do not clash with what a banner or the bundled code
 * declares under the same names.
 */
const COMMON_JS = "import{createRequire as createRequireForCommonJs}from'node:module';"
  + 'globalThis.require??=createRequireForCommonJs(import.meta.url);'
  + 'globalThis.__filename??=import.meta.filename;globalThis.__dirname??=import.meta.dirname;';

const BANNER = '--banner:js';

/** The bundling of a function that starts fast, as far as `bundling` does not say otherwise. */
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

/** Arguments for esbuild come after those that `NodejsFunction` makes of its properties, and overrule them. */
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
