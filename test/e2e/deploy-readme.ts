import { deepStrictEqual, equal, rejects } from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CdkCli } from './cdk-cli';
import type { DeployedStack } from './deployed-stack';
import type { Steps } from './steps';
import type { Database } from './visitor';
import { codeBlocks } from '../docs/code-blocks';
import { httpApiV2Event } from '../fixtures/events';
import { startLambda } from '../fixtures/lambda-runtime-api';
import type { NodeBinary } from '../fixtures/node-binaries';
import { createTableFromTemplate } from '../fixtures/session-table';
import { temporaryDirectory } from '../fixtures/temporary-directory';

const REPOSITORY = resolve(__dirname, '../..');

interface Parts {
  readonly steps: Steps;
  readonly cdk: CdkCli;
  readonly stack: DeployedStack;
  readonly aws: Database;
  readonly dynamodb: Database;
  readonly node: NodeBinary;
}

/** The README's section "Deploy it", exactly as it can be copied, with nothing around it but what `cdk init` makes. */
export async function deployReadme({ steps, cdk, stack, aws, dynamodb, node }: Parts): Promise<void> {
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

  const client = new ApiGatewayV2(aws.endpoint);
  await steps.take('its HTTP API', async () => {
    const [{ apiId, corsConfiguration }] = await client.list('');
    equal(corsConfiguration.allowCredentials, true);
    deepStrictEqual(corsConfiguration.exposeHeaders, ['session-id']);
    const [{ routeKey, target }] = await client.list(`/${apiId}/routes`);
    const [{ integrationId, integrationUri, payloadFormatVersion }] = await client.list(`/${apiId}/integrations`);
    deepStrictEqual([routeKey, target, payloadFormatVersion], ['$default', `integrations/${integrationId}`, '2.0']);
    equal(integrationUri, visits.FunctionArn);
    return 'sends all requests to the function, and lets pages of other origins read the session id';
  });
  steps.skip('requests through the HTTP API', 'moto keeps HTTP APIs but does not serve them; the function got the event that API Gateway would make');

  await steps.take('cdk destroy', async () => {
    await cdk.destroy(app, stack.name);
    deepStrictEqual(await stack.remains(), []);
    deepStrictEqual(await client.list(''), []);
    await rejects(stack.tableArn());
    return 'nothing remains, and the table is gone too';
  });
}

/** Lists of API Gateway's, in the words of its API. */
class ApiGatewayV2 {
  constructor(private readonly endpoint: string) {}

  async list(path: string): Promise<any[]> {
    const authorization = 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=unchecked';
    const response = await fetch(`${this.endpoint}/v2/apis${path}`, { headers: { authorization } });
    return (await response.json() as { items: any[] }).items;
  }
}

/** An app outside any package of ours, with the package and esbuild installed. */
function makeApp(): string {
  const app = temporaryDirectory();
  const readme = codeBlocks().filter(({ file }) => file === 'README.md');
  const [{ code: stackFile }] = readme.filter(({ language, detail }) => language === 'ts' && detail === 'nofixture');
  const [{ code: handlerFile }] = readme.filter(({ language, detail }) => language === 'mts' && detail === 'deploy');
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
