import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Release {
  /** The CDK app, with its cdk.json. */
  readonly appFolder: string;
  /** What the counter answers with in this release. */
  readonly statusCode: number;
}

const FIRST_STATUS_CODE = 200;
const SECOND_STATUS_CODE = 202;

/** The article's example as it is. */
export const firstRelease: Release = { appFolder: resolve(__dirname, '../../examples/article'), statusCode: FIRST_STATUS_CODE };

/** Copies the example into a folder, two levels below the project's as the example is, and changes the counter's code. */
export function makeSecondRelease(appFolder: string): Release {
  cpSync(firstRelease.appFolder, appFolder, { recursive: true });
  const file = join(appFolder, 'counter.ts');
  const source = readFileSync(file, 'utf8');
  const changed = source.replace(`statusCode: ${FIRST_STATUS_CODE}`, `statusCode: ${SECOND_STATUS_CODE}`);
  if (changed === source) throw new Error(`counter.ts of the example must answer with statusCode: ${FIRST_STATUS_CODE}, which the second release changes`);
  writeFileSync(file, changed);
  return { appFolder, statusCode: SECOND_STATUS_CODE };
}
