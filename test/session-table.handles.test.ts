import { App, Stack } from 'aws-cdk-lib';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements } from './fixtures/synthesised';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';
const READ_ONLY = 'SESSION_LAMBDA_READ_ONLY';

function stackWithTable(tableName?: string): { app: App; stack: Stack; sessions: SessionTable } {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  return { app, stack, sessions: new SessionTable(stack, 'Sessions', { tableName }) };
}

describe.each<[string, string | undefined, (sessions: SessionTable) => any]>([
  ['imported by its own ARN', undefined, (own) => SessionTable.fromTableArn(own.stack, 'Handle', own.tableArn)],
  ['imported by its own name', undefined, (own) => SessionTable.fromTableName(own.stack, 'Handle', own.tableName)],
  ['wrapped', undefined, (own) => SessionTable.fromTable(own.stack, 'Handle', own.table)],
  ['imported by the name that it was given', 'sessions', (own) => SessionTable.fromTableName(own.stack, 'Handle', 'sessions')],
  ['imported by the ARN that it will have', 'sessions', (own) => SessionTable.fromTableArn(own.stack, 'Handle', 'arn:aws:dynamodb:eu-central-1:111111111111:table/sessions')],
])('two constructs for one table, the second %s', (_, tableName, handleOf) => {
  it('attach one function', () => {
    const { app, stack, sessions } = stackWithTable(tableName);
    const handle = handleOf(sessions);
    const chat = lambdaFunction(stack, 'Chat');
    sessions.attach(chat);
    handle.attach(chat);
    sessions.attach(chat);
    expect(Object.keys(environments(stack)[0])).toEqual([VARIABLE]);
    expect(() => app.synth()).not.toThrow();
  });

  it('do not attach one to write, the other to read only', () => {
    const { stack, sessions } = stackWithTable(tableName);
    const handle = handleOf(sessions);
    const [chat, report] = [lambdaFunction(stack, 'Chat'), lambdaFunction(stack, 'Report')];
    sessions.attach(chat);
    expect(() => handle.attachReadOnly(chat)).toThrow('to read only: it is attached to write already');
    handle.attachReadOnly(report);
    expect(() => sessions.attach(report)).toThrow('to write: its environment variable SESSION_LAMBDA_READ_ONLY is set');
    expect(statements(stack).map(({ Action }) => Action)).toEqual([expect.any(Array), 'dynamodb:GetItem']);
  });

  it('leave a function that the other attached read-only as it is, where all functions are attached', () => {
    const { stack, sessions } = stackWithTable(tableName);
    handleOf(sessions).attachReadOnly(lambdaFunction(stack, 'Report'));
    sessions.attachAll(stack);
    expect(statements(stack).map(({ Action }) => Action)).toEqual(['dynamodb:GetItem']);
  });
});

describe('the variable that says that a function only reads', () => {
  it.each(['0', '', 'false', 'no', 'OFF'])('does not say so with the value %j', (value) => {
    const { stack, sessions } = stackWithTable();
    sessions.attach(lambdaFunction(stack, 'Chat', { environment: { [READ_ONLY]: value } }));
    expect(statements(stack)).toHaveLength(1);
  });

  it.each(['1', 'true', 'yes'])('refuses writing with the value %j, with which the runtime only reads', (value) => {
    const { stack, sessions } = stackWithTable();
    expect(() => sessions.attach(lambdaFunction(stack, 'Chat', { environment: { [READ_ONLY]: value } }))).toThrow('is set, as attachReadOnly() does');
  });

  it('fails the synthesis if it is set on a function that writes', () => {
    const { app, stack, sessions } = stackWithTable();
    const chat = lambdaFunction(stack, 'Chat');
    sessions.attach(chat);
    chat.addEnvironment(READ_ONLY, '1');
    expect(() => app.synth()).toThrow("[Stack/Chat] SESSION_LAMBDA_READ_ONLY was set to '1' after the function had been attached to write");
  });

  it('fails the synthesis if it is overwritten on a function that only reads', () => {
    const { app, stack, sessions } = stackWithTable();
    const report = lambdaFunction(stack, 'Report');
    sessions.attachReadOnly(report);
    report.addEnvironment(READ_ONLY, '0');
    expect(() => app.synth()).toThrow("[Stack/Report] SESSION_LAMBDA_READ_ONLY was set to '0' after the function had been attached to read only");
  });
});

describe('what attaching returns', () => {
  it.each<[string, 'attach' | 'attachReadOnly']>([['attach', 'attach'], ['attachReadOnly', 'attachReadOnly']])('can be depended on: the permissions, by %s', (_, method) => {
    const { stack, sessions } = stackWithTable();
    const [first, second] = [lambdaFunction(stack, 'First'), lambdaFunction(stack, 'Second')];
    const attached = sessions[method](first, second);
    const migration = lambdaFunction(stack, 'Migration');
    migration.node.addDependency(attached);
    expect(dependenciesOf(stack, 'Migration')).toEqual(expect.arrayContaining([
      expect.stringMatching(/^FirstServiceRoleDefaultPolicy/), expect.stringMatching(/^SecondServiceRoleDefaultPolicy/),
    ]));
  });

  it('can be depended on although the function was attached before', () => {
    const { stack, sessions } = stackWithTable();
    const chat = lambdaFunction(stack, 'Chat');
    sessions.attach(chat);
    lambdaFunction(stack, 'Migration').node.addDependency(sessions.attach(chat));
    expect(dependenciesOf(stack, 'Migration')).toEqual(expect.arrayContaining([expect.stringMatching(/^ChatServiceRoleDefaultPolicy/)]));
  });
});

function dependenciesOf(stack: Stack, id: string): string[] {
  const { Resources } = (stack.node.root as App).synth().getStackByName('Stack').template;
  return Object.entries<any>(Resources).find(([logicalId, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.startsWith(id))![1].DependsOn;
}
