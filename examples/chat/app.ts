import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { SessionFunction, SessionTable } from 'cdk-session-table';

const app = new App();
const stack = new Stack(app, 'Chat');

const sessionTable = new SessionTable(stack, 'Sessions', {
  collections: true, // the sessions of each user, and the conversations
  removalPolicy: RemovalPolicy.DESTROY, // an example leaves nothing behind
});

const chat = new SessionFunction(stack, 'Function', {
  sessionTable,
  entry: join(__dirname, 'function', 'handler.ts'),
  timeout: Duration.minutes(1),
  memorySize: 512,
  bundling: { loader: { '.html': 'text', '.css': 'text', '.page.js': 'text' } }, // the page is part of the bundle
});

const url = chat.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode: InvokeMode.RESPONSE_STREAM });
new CfnOutput(stack, 'Url', { value: url.url });
