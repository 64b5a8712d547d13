import { deepStrictEqual, equal } from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CdkCli } from './cdk-cli';
import type { DeployedStack } from './deployed-stack';
import type { Steps } from './steps';
import type { Database } from './visitor';
import { httpApiV2Event } from '../fixtures/events';
import { startLambda } from '../fixtures/lambda-runtime-api';
import type { NodeBinary } from '../fixtures/node-binaries';
import { createTableFromTemplate } from '../fixtures/session-table';
import { temporaryDirectory } from '../fixtures/temporary-directory';

const REPOSITORY = resolve(__dirname, '../..');

/** The README's section "Deploy it", exactly as it can be copied, with nothing around it but what `cdk init` makes. */
export async function deployReadme(
  { steps, cdk, stack, dynamodb, node }: { steps: Steps; cdk: CdkCli; stack: DeployedStack; dynamodb: Database; node: NodeBinary },
): Promise<void> {
  const app = makeApp();
  await steps.take('cdk deploy of the blocks in the README', async () => {
    await cdk.deploy(app, stack.name);
    return `${(await stack.functions()).size} function and a table`;
  });

  const visits = await stack.function('VisitsFunction');
  await steps.take('its function answers as the README says', async () => {
    const directory = temporaryDirectory();
    await stack.unpackCode(visits, directory);
    await createTableFromTemplate(dynamodb.endpoint, await stack.template(), await stack.tableName());
    const lambda = await startLambda({
      directory,
      handler: visits.Handler!,
      nodeBinary: node.path,
      environment: { ...visits.Environment!.Variables, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint },
    });
    try {
      const first = await lambda.invoke({ ...httpApiV2Event({}), rawPath: '/hello' });
      const second = await lambda.invoke({ ...httpApiV2Event({ 'session-id': first.headers['session-id'] }), rawPath: '/hello' });
      deepStrictEqual([first.body, second.body], ['visit 1 of /hello\n', 'visit 2 of /hello\n']);
    } finally {
      await lambda.stop();
    }
    return 'visit 1, then visit 2';
  });

  await steps.take('the HTTP API of its template', async () => {
    const { Resources } = await stack.template() as unknown as { Resources: Record<string, { Type: string; Properties: any }> };
    const api = Object.values(Resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Api')!;
    deepStrictEqual(api.Properties.CorsConfiguration.ExposeHeaders, ['session-id']);
    equal(api.Properties.CorsConfiguration.AllowCredentials, true);
    return 'lets pages of other origins read the session id';
  });

  await steps.take('cdk destroy', async () => {
    await cdk.destroy(app, stack.name);
    deepStrictEqual(await stack.remains(), []);
    return 'nothing remains';
  });
}

/** An app outside any package of ours, with the package and esbuild installed. */
function makeApp(): string {
  const app = temporaryDirectory();
  const [stackFile, handlerFile] = sectionBlocks('Deploy it');
  const files = {
    'bin/app.ts': stackFile,
    'lambda/visits.ts': handlerFile,
    'cdk.json': JSON.stringify({ app: 'node node_modules/ts-node/dist/bin.js --transpile-only bin/app.ts' }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'commonjs', target: 'es2022', rootDir: '.' } }),
    'package.json': JSON.stringify({ name: 'visits', private: true }),
    'package-lock.json': '{}',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(app, file)), { recursive: true });
    writeFileSync(join(app, file), text);
  }
  mkdirSync(join(app, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(REPOSITORY, join(app, 'node_modules', 'cdk-session-table'));
  for (const name of ['aws-cdk-lib', 'constructs', 'esbuild', 'ts-node', 'typescript', '@types']) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(app, 'node_modules', name));
  }
  symlinkSync(join('..', 'esbuild', 'bin', 'esbuild'), join(app, 'node_modules', '.bin', 'esbuild'));
  return app;
}

/** The code blocks in TypeScript of a section of the README. */
function sectionBlocks(title: string): string[] {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const section = readme.split(`\n## ${title}\n`)[1].split('\n## ')[0];
  return Array.from(section.matchAll(/^```m?ts[^\n]*\n(.*?)^```$/gms), ([, code]) => code);
}
