import { App, Lazy, Mixins, Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { SessionAccess, SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, tableResource } from './fixtures/synthesised';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';

describe('variables that are known later', () => {
  const plugins: string[] = [];
  beforeEach(() => plugins.splice(0));
  const withPlugins = (stack: Stack) => lambdaFunction(stack, 'Chat', { environment: { PLUGINS: Lazy.string({ produce: () => plugins.join() }) } });

  it.each<[string, (sessions: SessionTable, stack: Stack) => void]>([
    ['attach', (sessions, stack) => sessions.attach(withPlugins(stack))],
    ['attachReadOnly', (sessions, stack) => sessions.attachReadOnly(withPlugins(stack))],
    ['a mixin', (sessions, stack) => { withPlugins(stack); Mixins.of(stack).apply(new SessionAccess(sessions)); }],
    ['a mixin whose filter selects nothing', (sessions, stack) => {
      withPlugins(stack);
      Mixins.of(stack).apply(new SessionAccess(sessions, { filter: { selects: () => false } }));
    }],
  ])('are not fixed by %s', (_, use) => {
    const stack = new Stack();
    use(new SessionTable(stack), stack);
    plugins.push('late', 'later');
    expect(environments(stack)).toEqual([expect.objectContaining({ PLUGINS: 'late,later' })]);
  });

  it('are not asked for before they are there', () => {
    const stack = new Stack();
    let source: { url: string } | undefined;
    const URL = Lazy.string({ produce: () => source!.url });
    new SessionTable(stack).attach(lambdaFunction(stack, 'Chat', { environment: { URL } }));
    source = { url: 'https://example.com' };
    expect(environments(stack)).toEqual([expect.objectContaining({ URL: 'https://example.com' })]);
  });
});

describe('values that CDK has yet to look up', () => {
  const env = { account: '111111111111', region: 'eu-central-1' };
  const PARAMETER = 'ssm:account=111111111111:parameterName=/sessions:region=eu-central-1';

  function synthesise(use: (stack: Stack, value: string) => void, context: Record<string, string> = {}) {
    const app = new App({ context });
    const stack = new Stack(app, 'Stack', { env });
    use(stack, ssm.StringParameter.valueFromLookup(stack, '/sessions'));
    return { stack, missing: (app.synth() as cxapi.CloudAssembly).manifest.missing?.map(({ key }) => key) };
  }

  it.each<[string, (stack: Stack, value: string) => void]>([
    ['as the name of the table', (stack, tableName) => new SessionTable(stack, 'Sessions', { tableName, functions: [lambdaFunction(stack, 'Chat')] })],
    ['as the name of an imported table', (stack, name) => SessionTable.fromTableName(stack, 'Sessions', name).attach(lambdaFunction(stack, 'Chat'))],
    ['as the ARN of an imported table', (stack, arn) => SessionTable.fromTableArn(stack, 'Sessions', arn).attach(lambdaFunction(stack, 'Chat'))],
  ])('are looked up: %s', (_, use) => {
    expect(synthesise(use).missing).toEqual([PARAMETER]);
  });

  it('are checked when they have been looked up', () => {
    const use = (stack: Stack, tableName: string) => new SessionTable(stack, 'Sessions', { tableName });
    const { stack, missing } = synthesise(use, { [PARAMETER]: 'chat-sessions' });
    expect(missing).toBeUndefined();
    expect(tableResource(stack).Properties.TableName).toBe('chat-sessions');
    expect(() => synthesise(use, { [PARAMETER]: 'chat sessions' })).toThrow("got 'chat sessions'");
  });

  it('lead to the table that they name, whatever its variable is set by', () => {
    const { stack } = synthesise((scope, arn) => {
      const chat = lambdaFunction(scope, 'Chat');
      SessionTable.fromTableArn(scope, 'Once', arn).attach(chat);
      SessionTable.fromTableArn(scope, 'Twice', arn).attach(chat);
    }, { [PARAMETER]: 'arn:aws:dynamodb:eu-central-1:111111111111:table/sessions' });
    expect(environments(stack)).toEqual([{ [VARIABLE]: 'sessions' }]);
  });
});
