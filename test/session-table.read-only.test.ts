import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements } from './fixtures/synthesised';

const FRANKFURT = { account: '111111111111', region: 'eu-central-1' };

function stackWithTable(): { stack: Stack; sessions: SessionTable } {
  const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
  return { stack, sessions: new SessionTable(stack) };
}

describe('attaching a function to read only', () => {
  it('grants reading sessions and nothing else, and makes the runtime read only', () => {
    const { stack, sessions } = stackWithTable();
    sessions.attachReadOnly(lambdaFunction(stack, 'Report'));
    expect(statements(stack)).toEqual([{ Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: [stack.resolve(sessions.tableArn)] }]);
    expect(environments(stack)).toEqual([{
      SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessions.tableName),
      SESSION_LAMBDA_READ_ONLY: '1',
    }]);
  });

  it('grants decrypting with the keys of the table and its replicas, not encrypting', () => {
    const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
    const key = new kms.Key(stack, 'Key');
    const dublinKey = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000001';
    const sessions = new SessionTable(stack, 'Sessions', {
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, { 'eu-west-1': dublinKey }),
      replicas: [{ region: 'eu-west-1' }],
    });
    sessions.attachReadOnly(lambdaFunction(stack, 'Report'));
    expect(statements(stack)[1])
      .toEqual({ Action: ['kms:Decrypt', 'kms:DescribeKey'], Effect: 'Allow', Resource: [stack.resolve(key.keyArn), dublinKey] });
  });

  it('twice changes nothing', () => {
    const { stack, sessions } = stackWithTable();
    const report = lambdaFunction(stack, 'Report');
    sessions.attachReadOnly(report, report);
    sessions.attachReadOnly(report);
    expect(statements(stack)).toHaveLength(1);
    expect(report.node.validate()).toEqual([]);
  });

  it('works for imported tables', () => {
    const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
    const tableArn = 'arn:aws:dynamodb:eu-central-1:111111111111:table/sessions';
    SessionTable.fromTableArn(stack, 'Sessions', tableArn).attachReadOnly(lambdaFunction(stack, 'Report'));
    expect(statements(stack)).toEqual([{ Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: tableArn }]);
  });

  it('is refused across accounts as attaching is', () => {
    const { stack, sessions } = stackWithTable();
    const elsewhere = new Stack(stack.node.root as App, 'Elsewhere', { env: { account: '222222222222', region: 'eu-central-1' } });
    expect(() => sessions.attachReadOnly(lambdaFunction(elsewhere, 'Report'))).toThrow('across accounts');
  });

  it('fails synthesis if the name is overwritten later', () => {
    const { stack, sessions } = stackWithTable();
    const report = lambdaFunction(stack, 'Report');
    sessions.attachReadOnly(report);
    report.addEnvironment('SESSION_LAMBDA_DYNAMODB_TABLE_NAME', 'my-own-table');
    expect(() => (stack.node.root as App).synth()).toThrow(/was set to 'my-own-table' after/);
  });
});

describe('a function reads only or writes, not both', () => {
  it('cannot be attached to write after it was attached read-only', () => {
    const { stack, sessions } = stackWithTable();
    const report = lambdaFunction(stack, 'Report');
    sessions.attachReadOnly(report);
    expect(() => sessions.attach(report)).toThrow(
      "[Stack/Report] cannot be attached to the session table 'Stack/SessionTable' to write: its environment variable "
      + 'SESSION_LAMBDA_READ_ONLY is set, as attachReadOnly() does. Use either attach() or attachReadOnly()',
    );
    expect(statements(stack)).toHaveLength(1);
  });

  it('cannot be attached read-only after it was attached to write', () => {
    const { stack, sessions } = stackWithTable();
    const chat = lambdaFunction(stack, 'Chat');
    sessions.attach(chat);
    expect(() => sessions.attachReadOnly(chat)).toThrow(
      "[Stack/Chat] cannot be attached to the session table 'Stack/SessionTable' to read only: it is attached to write already. "
      + 'Use either attach() or attachReadOnly()',
    );
    expect(environments(stack)[0]).not.toHaveProperty('SESSION_LAMBDA_READ_ONLY');
  });

  it('cannot read one table and write another', () => {
    const { stack, sessions } = stackWithTable();
    const chat = lambdaFunction(stack, 'Chat');
    sessions.attach(chat);
    expect(() => new SessionTable(stack, 'Other').attachReadOnly(chat)).toThrow("'Stack/Other/Resource/Resource': its environment variable");
  });
});
