import { App, Stack } from 'aws-cdk-lib';
import { version } from 'aws-cdk-lib/package.json';
import * as newest from 'aws-cdk-lib-newest';
import { Template } from 'aws-cdk-lib-newest/assertions';
import * as dynamodb from 'aws-cdk-lib-newest/aws-dynamodb';
import * as lambda from 'aws-cdk-lib-newest/aws-lambda';
import { version as versionOfApp } from 'aws-cdk-lib-newest/package.json';
import { SessionTable } from '../src';

/** As in a monorepo where npm has installed one aws-cdk-lib for the app and another one for this package. */
const about = version === versionOfApp ? ` (skipped: both are ${version} here)` : '';
(version === versionOfApp ? describe.skip : describe)(`an app with another copy of aws-cdk-lib${about}`, () => {
  const appStack = () => new newest.Stack(new newest.App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });

  const chatIn = (stack: newest.Stack, id = 'Chat') => new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });

  const variables = (stack: newest.Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Object.keys(Properties.Environment?.Variables ?? {}));

  it.each<[string, (sessions: SessionTable, stack: newest.Stack) => void]>([
    ['one by one', (sessions, stack) => { sessions.attach(chatIn(stack) as any); }],
    ['all of them', (sessions, stack) => { chatIn(stack); sessions.attachAll(stack as unknown as Stack); }],
  ])('has its functions attached, %s', (_, attach) => {
    const stack = appStack();
    attach(new SessionTable(stack as unknown as Stack, 'Sessions'), stack);
    expect(variables(stack)).toEqual([['SESSION_LAMBDA_DYNAMODB_TABLE_NAME']]);
  });

  it('has its tables checked', () => {
    const stack = appStack();
    const table = new dynamodb.TableV2(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    expect(() => SessionTable.fromTable(stack as unknown as Stack, 'Sessions', table as any)).toThrow("its key is 'id' (S), and has to be 'key' (S)");
  });

  it('has replicas of its tables covered', () => {
    const stack = appStack();
    const table = new dynamodb.TableV2(stack, 'Table', {
      partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'ttl', replicas: [{ region: 'eu-west-1' }],
    });
    const sessions = SessionTable.fromTable(stack as unknown as Stack, 'Sessions', table as any);
    sessions.attach(chatIn(stack) as any);
    expect(sessions.replicaRegions).toEqual(['eu-west-1']);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain(':dynamodb:eu-west-1:111111111111:table/');
  });

  it('has a function refused a second table', () => {
    const stack = appStack();
    const chat = chatIn(stack) as any;
    new SessionTable(stack as unknown as Stack, 'First').attach(chat);
    expect(() => new SessionTable(stack as unknown as Stack, 'Second').attach(chat)).toThrow('already names');
  });

  it('is not mistaken for the app of this copy', () => {
    expect(newest.App).not.toBe(App);
  });
});
