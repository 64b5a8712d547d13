import { dirname, join } from 'node:path';
import { run } from './run';
import { temporaryDirectory } from '../fixtures/temporary-directory';

/** moto's. */
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
/** The bucket that `cdk bootstrap` makes for assets. */
export const ASSETS_BUCKET = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

/** The CDK command line, against an AWS at the given endpoint on this machine and no other. */
export class CdkCli {
  private readonly folder = temporaryDirectory();
  private readonly environment: NodeJS.ProcessEnv;

  constructor(endpoint: string) {
    // Whatever is configured for the real AWS must not be found.
    const ofThisProcess = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
    this.environment = {
      ...Object.fromEntries(ofThisProcess),
      AWS_ENDPOINT_URL: endpoint,
      // CloudFormation is asked to fetch the template from there, and moto would read a bucket's name out of 127.0.0.1.
      AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: endpoint.replace('127.0.0.1', 'localhost'),
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_CONFIG_FILE: join(this.folder, 'no-aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(this.folder, 'no-aws-credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_HOME: join(this.folder, 'cdk-home'),
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: 'true',
    };
  }

  async bootstrap(): Promise<void> {
    await this.run(['bootstrap', `aws://${ACCOUNT}/${REGION}`], this.folder);
  }

  /** @param appFolder holds the app's cdk.json */
  async deploy(appFolder: string, stackName: string): Promise<void> {
    await this.run([
      'deploy', stackName, '--require-approval', 'never',
      // moto returns no outputs of what a change set made.
      '--method', 'direct',
      // moto knows no previous value of a parameter that was never given one, such as the version of the bootstrap stack.
      '--no-previous-parameters',
    ], appFolder);
  }

  async destroy(appFolder: string, stackName: string): Promise<void> {
    await this.run(['destroy', stackName, '--force'], appFolder);
  }

  private async run(args: readonly string[], cwd: string): Promise<void> {
    const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
    await run(process.execPath, [cli, ...args, '--output', join(this.folder, 'cdk.out'), '--no-notices', '--no-color'], { cwd, env: this.environment });
  }
}
