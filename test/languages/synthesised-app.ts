import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { REPOSITORY } from './languages-folder';
import { run } from '../e2e/run';
import { temporaryDirectory } from '../fixtures/temporary-directory';

/** What a session table brings to an app, by logical ids. */
export interface SessionParts {
  readonly tables: Record<string, unknown>;
  readonly policies: Record<string, unknown>;
  /** The environment variables of each function. */
  readonly environments: Record<string, unknown>;
}

/**
 * Runs a CDK app in another language and returns what the session table brought to its only stack.
 *
 * @param commands where it finds esbuild, which bundles the Node.js function: folders in its own or absolute ones
 */
export async function synthesise(
  stack: string, command: string, args: readonly string[], cwd: string, commands: readonly string[] = [join(REPOSITORY, 'node_modules', '.bin')],
): Promise<SessionParts> {
  const outdir = temporaryDirectory();
  const PATH = [...commands.map((folder) => resolve(cwd, folder)), process.env.PATH].join(delimiter);
  await run(command, args, { cwd, env: { ...process.env, PATH, CDK_OUTDIR: outdir } });
  return sessionParts(JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8')));
}

/** For a line of output. */
export function summary({ tables, policies, environments }: SessionParts): string {
  return [tables, policies, environments].map((parts) => Object.keys(parts).join(', ')).join('; ');
}

export function sessionParts(template: { Resources: Record<string, any> }): SessionParts {
  const resources = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  const withoutMetadata = ([id, { Metadata: _, ...resource }]: [string, any]) => [id, resource];
  return {
    tables: Object.fromEntries(resources('AWS::DynamoDB::GlobalTable').map(withoutMetadata)),
    policies: Object.fromEntries(resources('AWS::IAM::Policy').map(withoutMetadata)),
    environments: Object.fromEntries(resources('AWS::Lambda::Function').map(([id, { Properties }]) => [id, Properties.Environment])),
  };
}
