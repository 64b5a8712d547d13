import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IConstruct } from 'constructs';

/** CDK puts metadata of such types on most of the functions that it makes for itself. */
const OWN_FUNCTION = 'aws:cdk:is-custom-resource-handler';

/** The constructs of CDK that make a function without that metadata, from code inside the template. */
const MAKERS = ['InstanceDrainHook'];

/** Whether CDK made a function for itself, for a custom resource for example. */
export function isMadeByCdk(fn: IConstruct): boolean {
  return fn.node.metadata.some(({ type }) => type.startsWith(OWN_FUNCTION))
    || codeFolders(fn).some((folder) => /^(aws-cdk-lib$|@aws-cdk\/)/.test(packageAround(folder)))
    || MAKERS.includes(fn.node.scope?.constructor.name ?? '');
}

/** Where the code of a function comes from, as far as it is an asset: the staging of an asset knows its source. */
function codeFolders(fn: IConstruct): string[] {
  const staged = fn.node.tryFindChild('Code')?.node.children ?? [];
  return staged.map((child) => (child as { sourcePath?: string }).sourcePath).filter((path) => path !== undefined);
}

/** The name of the package that a folder belongs to, empty if there is none. */
function packageAround(folder: string): string {
  const manifest = join(folder, 'package.json');
  const name: string | undefined = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).name : undefined;
  const parent = dirname(folder);
  return name ?? (parent === folder ? '' : packageAround(parent));
}
