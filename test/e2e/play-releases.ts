import { deepStrictEqual, equal, notEqual } from 'node:assert/strict';
import type { Release } from './article-releases';
import type { CdkCli } from './cdk-cli';
import type { DeployedStack } from './deployed-stack';
import { startFunction } from './start-function';
import type { Steps } from './steps';
import { type Database, Visitor } from './visitor';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../src/shared-with-runtime/table-schema';
import type { NodeBinary } from '../fixtures/node-binaries';
import { createTableFromTemplate } from '../fixtures/session-table';
import { temporaryDirectory } from '../fixtures/temporary-directory';

export interface Stage {
  readonly steps: Steps;
  readonly cdk: CdkCli;
  /** The example's stack in what stands in for AWS. */
  readonly stack: DeployedStack;
  /** Holds the deployed table. */
  readonly aws: Database;
  /** Gets a table like the deployed one. */
  readonly dynamodb: Database;
  readonly nodes: readonly NodeBinary[];
}

const COUNTER = 'CounterUpdate';

/** Deploys two releases and destroys the stack. What was deployed is read back from AWS and run, always with the same sessions. */
export async function playReleases(stage: Stage, first: Release, second: Release): Promise<void> {
  const { steps, cdk, stack, aws, dynamodb } = stage;

  await steps.take('cdk bootstrap', async () => {
    await cdk.bootstrap();
    return 'there is a bucket for assets';
  });
  await steps.take('cdk deploy of examples/article', async () => {
    await cdk.deploy(first.appFolder, stack.name);
    return `${(await stack.functions()).size} functions and a table`;
  });
  const tableName = await stack.tableName();
  await steps.take(`the table that the template describes, in ${dynamodb.name}`, async () => {
    return `made under the name of the deployed one, ${await createTableFromTemplate(dynamodb.endpoint, await stack.template(), tableName)}`;
  });
  const visitors = [aws, dynamodb].map((database) => new Visitor(database, tableName));
  await useRelease(stage, first, visitors);

  await steps.take('cdk deploy of the next release', async () => {
    const { CodeSha256 } = await stack.function(COUNTER);
    await cdk.deploy(second.appFolder, stack.name);
    notEqual((await stack.function(COUNTER)).CodeSha256, CodeSha256);
    equal(await stack.tableName(), tableName);
    return 'the code is another, the table the same';
  });
  await useRelease(stage, second, visitors);

  await steps.take('cdk destroy', async () => {
    await cdk.destroy(second.appFolder, stack.name);
    deepStrictEqual(await stack.remains(), []);
    return 'the stack and its functions are gone';
  });
  for (const visitor of visitors) {
    await steps.take(`the table in ${visitor.database.name}`, async () => {
      await visitor.expectSessionOnTable();
      return 'still there, with the session';
    });
  }
}

async function useRelease({ steps, stack, nodes }: Stage, release: Release, visitors: readonly Visitor[]): Promise<void> {
  await steps.take('every function knows the name of the table, and its role may use this table and no other', async () => {
    const tableArn = await stack.tableArn();
    for (const [logicalId, configuration] of await stack.functions()) {
      equal(configuration.Environment?.Variables?.[TABLE_NAME_ENVIRONMENT_VARIABLE], await stack.tableName(), logicalId);
      const statements = await stack.dynamodbStatements(configuration);
      deepStrictEqual(statements.map(({ Effect, Resource }) => [Effect, ...[Resource].flat()]), [['Allow', tableArn]], logicalId);
    }
    return tableArn;
  });

  const counter = await stack.function(COUNTER);
  const directory = temporaryDirectory();
  await steps.take('the code of its counter, as the function has it', async () => {
    await stack.unpackCode(counter, directory);
    return `${counter.CodeSize} bytes, ${counter.Handler}`;
  });
  for (const node of nodes) {
    for (const visitor of visitors) {
      await steps.take(`its counter on Node ${node.majorVersion}, sessions in ${visitor.database.name}`, async () => {
        const lambda = await startFunction(counter, directory, node, visitor.database);
        try {
          const found = [await visitor.visit(lambda, release.statusCode), await visitor.visit(lambda, release.statusCode)];
          return `found ${found.map(String).join(', then ')}`;
        } finally {
          await lambda.stop();
        }
      });
    }
  }
}
