import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { SessionTable } from 'cdk-session-table';

const app = new App();
const stack = new Stack(app, 'Article');

const runtime = Runtime.NODEJS_22_X;
const entry = join(__dirname, 'handler.ts');

const chat = new NodejsFunction(stack, 'Chat', { runtime, entry });
const chatUpdate = new NodejsFunction(stack, 'ChatUpdate', { runtime, entry, handler: 'updatingHandler' });

const sessions = new SessionTable(stack);
sessions.attach(chat, chatUpdate);

// Not in the article: handlers that count, to show what the next invocation gets to see.
const counterEntry = join(__dirname, 'counter.ts');
sessions.attach(
  new NodejsFunction(stack, 'Counter', { runtime, entry: counterEntry }),
  new NodejsFunction(stack, 'CounterUpdate', { runtime, entry: counterEntry, handler: 'updatingHandler' }),
);
