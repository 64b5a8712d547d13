import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IConstruct } from 'constructs';

/** CDK adds metadata of such types to most of the functions that it makes for itself. */
const OWN_FUNCTION = 'aws:cdk:is-custom-resource-handler';

/** The constructs of CDK that make a function without that metadata, and with inline code. */
const MAKERS = ['InstanceDrainHook'];

/** Whether CDK made a function for itself, for example for a custom resource. */
export function isMadeByCdk(fn: IConstruct): boolean {
  return fn.node.metadata.some(({ type }) => type.startsWith(OWN_FUNCTION))
    || codeFolders(fn).some((folder) => /^(aws-cdk-lib$|@aws-cdk\/)/.test(packageAround(folder)))
    || MAKERS.includes(fn.node.scope?.constructor.name ?? '');
}

/** Returns the source folders of a function's code if it is an asset: the staging of an asset knows its source. */
function codeFolders(fn: IConstruct): string[] {
  const staged = fn.node.tryFindChild('Code')?.node.children ?? [];
  return staged.map((child) => (child as { sourcePath?: string }).sourcePath).filter((path) => path !== undefined);
}

/** Returns the name of the package that a folder belongs to, empty if there is none. */
function packageAround(folder: string): string {
  const manifest = join(folder, 'package.json');
  const name: string | undefined = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).name : undefined;
  const parent = dirname(folder);
  return name ?? (parent === folder ? '' : packageAround(parent));
}
