import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { firstRelease, makeSecondRelease } from './article-releases';
import { CdkCli } from './cdk-cli';
import { checkTemplates } from './check-templates';
import { deployReadme } from './deploy-readme';
import { DeployedStack } from './deployed-stack';
import { startMotoServer } from './moto-server';
import { playChat } from './play-chat';
import { playReleases } from './play-releases';
import { pythonWithMoto } from './python-with-moto';
import { Steps } from './steps';
import { startLocalDynamoDB } from '../fixtures/local-dynamodb';
import { LAMBDA_NODE_VERSIONS, nodeBinaries } from '../fixtures/node-binaries';
import { temporaryDirectory } from '../fixtures/temporary-directory';

/** For what is installed for this alone; git ignores it. */
const INSTALLED = resolve(__dirname, '../../.e2e');

/**
 * The article's example deployed by the CDK command line to moto, and run by AWS's own Lambda runtime client: on the
 * deployed table, which moto keeps, and on one like it in DynamoDB Local, AWS's own engine. Then the chat example, on the latter.
 */
async function e2e(): Promise<void> {
  const steps = new Steps();
  mkdirSync(INSTALLED, { recursive: true });
  const python = await pythonWithMoto(INSTALLED);
  if (python === undefined) {
    steps.skip('all of it', 'moto, which stands in for AWS, needs Python 3.10 or newer with its modules venv and ensurepip');
    return;
  }
  const nodes = await nodeBinaries(INSTALLED);
  if (nodes.length < LAMBDA_NODE_VERSIONS.length) {
    steps.skip(`Node ${LAMBDA_NODE_VERSIONS.join(' and ')}`, `npm has their binaries for Linux only, so this Node, ${process.version}, takes their place`);
  }

  const moto = await startMotoServer(python);
  try {
    const dynamodb = await startLocalDynamoDB();
    if (dynamodb.whyDynalite !== undefined) {
      steps.skip('DynamoDB Local', `${dynamodb.whyDynalite}; dynalite takes its place`);
    }
    try {
      const stage = {
        steps,
        cdk: new CdkCli(moto.endpoint),
        stack: new DeployedStack('Article', moto.endpoint, python),
        aws: { name: 'moto', endpoint: moto.endpoint },
        dynamodb: { name: dynamodb.kind, endpoint: dynamodb.endpoint },
        nodes,
      };
      await playReleases(stage, firstRelease, makeSecondRelease(temporaryDirectory(INSTALLED)));
      if (dynamodb.kind === 'DynamoDB Local') {
        await playChat({ ...stage, stack: new DeployedStack('Chat', moto.endpoint, python) });
      } else {
        steps.skip('examples/chat', `${dynamodb.kind} has no transactions`);
      }
      await deployReadme({ ...stage, stack: new DeployedStack('Visits', moto.endpoint, python), node: nodes.at(-1)! });
      await checkTemplates(steps, python);
    } finally {
      await dynamodb.stop();
    }
  } finally {
    await moto.stop();
  }
  steps.summarise();
}

e2e().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
