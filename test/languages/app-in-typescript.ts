import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { REPOSITORY } from './languages-folder';
import { type SessionParts, sessionParts } from './synthesised-app';
import { SessionFunction, SessionTable } from 'cdk-session-table';

/** The handler of the Node.js function in all languages' apps. */
export const COUNTER = join(REPOSITORY, 'examples', 'python', 'counter', 'handler.ts');

/** What a session table brings to an app of the shape that the apps in other languages have, if it is written in TypeScript. */
export function partsInTypeScript(): SessionParts {
  const stack = new Stack(new App());
  const chat = new Function(stack, 'Chat', {
    runtime: Runtime.PYTHON_3_12,
    handler: 'index.handler',
    code: Code.fromInline('def handler(event, context): pass'),
  });

  const sessions = new SessionTable(stack);
  sessions.attach(chat);
  new SessionFunction(stack, 'Counter', { sessionTable: sessions, entry: COUNTER });

  return sessionParts(Template.fromStack(stack).toJSON() as Parameters<typeof sessionParts>[0]);
}
