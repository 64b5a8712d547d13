import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { SessionTable } from 'cdk-session-table';

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Consumer');
const sessions = new SessionTable(stack);

const entry = 'handler.ts';
sessions.attach(
  new NodejsFunction(stack, 'CommonJs', { entry, bundling: { format: OutputFormat.CJS } }),
  new NodejsFunction(stack, 'CommonJsOnNode22', { entry, bundling: { format: OutputFormat.CJS }, runtime: Runtime.NODEJS_22_X }),
  new NodejsFunction(stack, 'Esm', { entry, bundling: { format: OutputFormat.ESM } }),
  new NodejsFunction(stack, 'EsmOnNode22', { entry, bundling: { format: OutputFormat.ESM }, runtime: Runtime.NODEJS_22_X }),
);

app.synth();
