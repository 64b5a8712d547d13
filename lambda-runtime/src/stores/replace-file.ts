import { lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { crypto } from '../platform/node-modules.js';

/** As Linux follows. */
const MOST_LINKS = 40;

/** A new file is for its owner alone. */
const PRIVATE = 0o600;

/**
 * Replaces the whole content of a file in one step, so after a crash it has either the old or the new content. A symbolic
 * link stays, and its target is replaced; the permissions stay too.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const target = await targetOf(path);
  const mode = (await unlessMissing(stat(target)))?.mode ?? PRIVATE;
  const temporaryPath = `${target}.${crypto().randomUUID()}.tmp`;
  try {
    const file = await open(temporaryPath, 'wx', PRIVATE);
    try {
      await file.writeFile(content);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporaryPath, target);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw error;
  }
}

/** The file that a path leads to through symbolic links, whether it exists or not. */
async function targetOf(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const stats = await unlessMissing(lstat(target));
    if (!stats?.isSymbolicLink()) {
      return target;
    }
    target = resolve(await realpath(dirname(target)), await readlink(target));
  }
  throw new Error(`more than ${MOST_LINKS} symbolic links`);
}

async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
