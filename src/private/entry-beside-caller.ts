import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXTENSIONS = ['ts', 'js', 'mjs', 'mts', 'cts', 'cjs'];

/**
 * The entry file beside the file that calls a constructor: `<file>.<id>.<extension>`, as `NodejsFunction` finds it. On
 * its own, `NodejsFunction` would look beside the file of the derived class.
 *
 * @throws if there is none
 */
export function entryBesideCaller(path: string, id: string, constructor: Function): string {
  const caller = callerOf(constructor);
  const candidates = caller === undefined ? [] : EXTENSIONS.map((extension) => `${caller.replace(/\.[^./\\]+$/, '')}.${id}.${extension}`);
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry === undefined) {
    const looked = candidates.length > 0 ? `; looked for ${candidates.join(', ')}` : '';
    throw new Error(`[${path}] has no entry, and there is no file for it beside the one that creates the function${looked}. Give it an entry: the path of the handler's file`);
  }
  return entry;
}

function callerOf(constructor: Function): string | undefined {
  const original = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const at: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(at, constructor);
    const file = at.stack?.[0]?.getFileName() ?? undefined;
    return file?.startsWith('file:') ? fileURLToPath(file) : file;
  } finally {
    Error.prepareStackTrace = original;
  }
}
