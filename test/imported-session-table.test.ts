import { App, CfnParameter, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ISessionTable, SessionTable, SessionTableAttributes } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements } from './fixtures/synthesised';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';
const TABLE_ARN = 'arn:aws:dynamodb:eu-central-1:111111111111:table/sessions';
const KEY_ARN = 'arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000';

const SESSION_ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

function attachTo(stack: Stack, sessions: ISessionTable): Record<string, unknown> {
  sessions.attach(lambdaFunction(stack, 'Chat'));
  return environments(stack)[0];
}

describe('a session table imported by its name', () => {
  it('is in the account and region of the stack, and adds no resource', () => {
    const stack = new Stack();
    const sessions = SessionTable.fromTableName(stack, 'Sessions', 'sessions');
    expect(sessions.tableName).toBe('sessions');
    expect(sessions.table.tableName).toBe('sessions');
    expect(stack.resolve(sessions.tableArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':dynamodb:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':table/sessions']],
    });
    expect(stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct))).toEqual([]);
  });

  it('grants exactly what a table of this app does, on the table only', () => {
    const stack = new Stack();
    const sessions = SessionTable.fromTableName(stack, 'Sessions', 'sessions');
    expect(attachTo(stack, sessions)).toEqual({ [VARIABLE]: 'sessions' });
    expect(statements(stack)).toEqual([{ Action: SESSION_ACTIONS, Effect: 'Allow', Resource: stack.resolve(sessions.tableArn) }]);
  });

  it('accepts a name that is known only at deployment', () => {
    const stack = new Stack();
    const sessions = SessionTable.fromTableName(stack, 'Sessions', new CfnParameter(stack, 'Name').valueAsString);
    expect(attachTo(stack, sessions)).toEqual({ [VARIABLE]: { Ref: 'Name' } });
  });

  it('imported twice is one table', () => {
    const stack = new Stack();
    const chat = lambdaFunction(stack, 'Chat');
    SessionTable.fromTableName(stack, 'Once', 'sessions').attach(chat);
    SessionTable.fromTableName(stack, 'Twice', 'sessions').attach(chat);
    expect(statements(stack)).toHaveLength(1);
  });

  it('does not share a function with another table', () => {
    const stack = new Stack();
    const chat = lambdaFunction(stack, 'Chat');
    new SessionTable(stack, 'Own', { functions: [chat] });
    const imported = SessionTable.fromTableName(stack, 'Imported', 'sessions');
    expect(() => imported.attach(chat)).toThrow(/'sessions': .* already names 'Default\/Own\//);
  });
});

describe('a session table imported by its ARN', () => {
  it('takes name, account and region from it', () => {
    const sessions = SessionTable.fromTableArn(new Stack(), 'Sessions', TABLE_ARN);
    expect(sessions.tableArn).toBe(TABLE_ARN);
    expect(sessions.tableName).toBe('sessions');
    expect(sessions.env).toEqual({ account: '111111111111', region: 'eu-central-1' });
  });

  it('grants exactly what a table of this app does, on the table only', () => {
    const stack = new Stack();
    expect(attachTo(stack, SessionTable.fromTableArn(stack, 'Sessions', TABLE_ARN))).toEqual({ [VARIABLE]: 'sessions' });
    expect(statements(stack)).toEqual([{ Action: SESSION_ACTIONS, Effect: 'Allow', Resource: TABLE_ARN }]);
  });

  it('accepts an ARN that is known only at deployment', () => {
    const stack = new Stack();
    const sessions = SessionTable.fromTableArn(stack, 'Sessions', new CfnParameter(stack, 'Arn').valueAsString);
    expect(attachTo(stack, sessions)).toEqual({ [VARIABLE]: { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'Arn' }] }] }] }] } });
    expect(statements(stack)).toEqual([{ Action: SESSION_ACTIONS, Effect: 'Allow', Resource: { Ref: 'Arn' } }]);
  });

  it('is not attached in another account', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '222222222222', region: 'eu-central-1' } });
    const sessions = SessionTable.fromTableArn(stack, 'Sessions', TABLE_ARN);
    expect(() => sessions.attach(lambdaFunction(stack, 'Chat'))).toThrow(/'Stack\/Sessions' across accounts/);
  });

  it('is attached in another region, as nothing can rename it', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
    expect(attachTo(stack, SessionTable.fromTableArn(stack, 'Sessions', TABLE_ARN))).toEqual({ [VARIABLE]: 'sessions' });
    expect(statements(stack)).toEqual([{ Action: SESSION_ACTIONS, Effect: 'Allow', Resource: TABLE_ARN }]);
  });
});

describe('a session table imported with its key', () => {
  it('permits the use of the key, to functions and to others', () => {
    const stack = new Stack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const sessions = SessionTable.fromTableAttributes(stack, 'Sessions', { tableArn: TABLE_ARN, encryptionKey });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    sessions.attach(lambdaFunction(stack, 'Chat'));
    sessions.grantSession(role);
    const permitted = [
      { Action: SESSION_ACTIONS, Effect: 'Allow', Resource: TABLE_ARN },
      { Action: expect.arrayContaining(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']), Effect: 'Allow', Resource: KEY_ARN },
    ];
    expect(sessions.encryptionKey).toBe(encryptionKey);
    expect(statements(stack)).toEqual([...permitted, ...permitted]);
  });
});

describe('what cannot be imported', () => {
  it.each<[string, SessionTableAttributes, string]>([
    ['neither name nor ARN', {}, 'tableName or tableArn is needed'],
    ['both name and ARN', { tableName: 'sessions', tableArn: TABLE_ARN }, 'tableName and tableArn exclude each other'],
    ['an impossible name', { tableName: 'my sessions' }, "tableName must be 3 to 255 letters, digits, '_', '-' or '.', got 'my sessions'"],
    ['an ARN as the name', { tableName: TABLE_ARN }, 'to refer to a table by its ARN, use tableArn'],
    ['a name as the ARN', { tableArn: 'sessions' }, 'tableArn must be of the form arn:<partition>:dynamodb:<region>:<account>:table/<table-name>, got'],
    ['an index', { tableArn: `${TABLE_ARN}/index/by-user` }, 'tableArn must be of the form'],
    ['an ARN without a region', { tableArn: 'arn:aws:dynamodb:::table/sessions' }, 'tableArn must be of the form'],
    ['something of another service', { tableArn: 'arn:aws:s3:::sessions' }, 'tableArn must be of the form'],
  ])('%s', (_, attributes, message) => {
    const importing = () => SessionTable.fromTableAttributes(new Stack(), 'Sessions', attributes);
    expect(importing).toThrow('[Default/Sessions] table');
    expect(importing).toThrow(message);
  });

  it('has no removal policy', () => {
    const sessions = SessionTable.fromTableName(new Stack(), 'Sessions', 'sessions');
    expect(() => sessions.applyRemovalPolicy(RemovalPolicy.DESTROY)).toThrow('Cannot apply RemovalPolicy');
  });
});
