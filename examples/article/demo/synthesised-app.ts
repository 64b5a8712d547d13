import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TemplateWithTable } from '../../../test/fixtures/session-table';

const PROJECT = resolve(__dirname, '../../..');

/** What Lambda is given of a function. */
export interface FunctionConfiguration {
  /** Its bundle, as it would be uploaded. */
  readonly directory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A stack of a CDK app as it would be deployed. */
export class SynthesisedApp {
  /** Runs the app as the CDK command line does, so that it writes its templates and bundles into `outdir`. */
  static async synthesise(appFile: string, stackName: string, outdir: string): Promise<SynthesisedApp> {
    await promisify(execFile)(process.execPath, ['--require', 'ts-node/register/transpile-only', appFile], {
      cwd: dirname(appFile),
      env: {
        ...process.env,
        TS_NODE_PROJECT: join(PROJECT, 'tsconfig.dev.json'),
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true }),
      },
    });
    return new SynthesisedApp(stackName, outdir);
  }

  readonly template: TemplateWithTable;

  private constructor(private readonly stackName: string, private readonly outdir: string) {
    this.template = JSON.parse(readFileSync(join(outdir, `${stackName}.template.json`), 'utf8'));
  }

  get functionCount(): number {
    return Object.values(this.template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function').length;
  }

  /** The function of this construct id, in a stack whose tables got the given names. */
  function(constructId: string, tableNames: ReadonlyMap<string, string>): FunctionConfiguration {
    const path = `${this.stackName}/${constructId}/Resource`;
    const resource = Object.values(this.template.Resources).find(({ Metadata }) => Metadata?.['aws:cdk:path'] === path);
    if (!resource) throw new Error(`the template of ${this.stackName} holds no ${path}`);
    const { Environment, Handler } = resource.Properties;
    return {
      directory: join(this.outdir, resource.Metadata!['aws:asset:path']),
      handler: Handler,
      environment: Object.fromEntries(
        Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [name, valueOf(value, tableNames)]),
      ),
    };
  }
}

/** What CloudFormation makes of a property: a string, or a reference to a table. */
function valueOf(property: any, tableNames: ReadonlyMap<string, string>): string {
  const value = typeof property === 'string' ? property : tableNames.get(property.Ref);
  if (value === undefined) throw new Error(`references to tables are resolved and nothing else, got ${JSON.stringify(property)}`);
  return value;
}
