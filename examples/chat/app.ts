import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { SessionFunction, SessionTable } from 'cdk-session-table';

const app = new App();
const stack = new Stack(app, 'Chat');

const sessionTable = new SessionTable(stack, 'Sessions', {
  removalPolicy: RemovalPolicy.DESTROY, // an example leaves nothing behind
});

const chat = new SessionFunction(stack, 'Function', {
  sessionTable,
  entry: join(__dirname, 'function', 'handler.ts'),
  timeout: Duration.minutes(1),
  memorySize: 512,
  bundling: { loader: { '.html': 'text', '.css': 'text', '.page.js': 'text' } }, // the page is part of the bundle
});

const collections = new TableV2(stack, 'Collections', {
  partitionKey: { name: 'collection', type: AttributeType.STRING },
  sortKey: { name: 'item', type: AttributeType.STRING },
  timeToLiveAttribute: 'ttl',
  removalPolicy: RemovalPolicy.DESTROY,
});
collections.grantReadWriteData(chat);
chat.addEnvironment('SESSION_LAMBDA_COLLECTIONS_TABLE_NAME', collections.tableName);

const url = chat.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode: InvokeMode.RESPONSE_STREAM });
new CfnOutput(stack, 'Url', { value: url.url });
