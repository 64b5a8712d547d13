import { App, Environment, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements, tableResource } from './fixtures/synthesised';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';
const FRANKFURT = { account: '111111111111', region: 'eu-central-1' };
const DUBLIN = { account: '111111111111', region: 'eu-west-1' };
const ANYWHERE = { account: '111111111111' };
const ELSEWHERE = { account: '222222222222', region: 'eu-central-1' };

const SESSION_ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
const KEY_ACTIONS = [
  'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
];

const allowSessionsOn = (tableArn: unknown) => ({ Action: SESSION_ACTIONS, Effect: 'Allow', Resource: [tableArn] });
const allowUseOf = (keyArn: unknown) => ({ Action: KEY_ACTIONS, Effect: 'Allow', Resource: keyArn });

function encryptedTable(stack: Stack): { sessions: SessionTable; key: kms.Key } {
  const key = new kms.Key(stack, 'Key');
  return { key, sessions: new SessionTable(stack, 'Sessions', { encryption: dynamodb.TableEncryptionV2.customerManagedKey(key) }) };
}

describe('attaching a function', () => {
  it('grants what the runtime needs on this table only, and sets the table name', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(statements(stack)).toEqual([allowSessionsOn(stack.resolve(sessions.tableArn))]);
    expect(environments(stack)).toEqual([{ [VARIABLE]: stack.resolve(sessions.tableName) }]);
  });

  it('grants the use of a customer managed key, without a wildcard', () => {
    const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
    const { sessions, key } = encryptedTable(stack);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(statements(stack)).toEqual([
      allowSessionsOn(stack.resolve(sessions.tableArn)),
      allowUseOf(stack.resolve(key.keyArn)),
    ]);
  });

  it('leaves the rest of its environment alone', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    sessions.attach(lambdaFunction(stack, 'Chat', { environment: { LOG_LEVEL: 'debug' } }));
    expect(environments(stack)).toEqual([{ LOG_LEVEL: 'debug', [VARIABLE]: stack.resolve(sessions.tableName) }]);
  });

  it('twice changes nothing', () => {
    const stack = new Stack();
    const chat = lambdaFunction(stack, 'Chat');
    const sessions = new SessionTable(stack, 'Sessions', { functions: [chat] });
    sessions.attach(chat, chat);
    expect(statements(stack)).toEqual([allowSessionsOn(stack.resolve(sessions.tableArn))]);
    expect(chat.node.validate()).toEqual([]);
  });

  it('twice does not report an overwritten name twice', () => {
    const stack = new Stack();
    const chat = lambdaFunction(stack, 'Chat');
    const sessions = new SessionTable(stack, 'Sessions', { functions: [chat] });
    sessions.attach(chat);
    chat.addEnvironment(VARIABLE, 'my-own-table');
    expect(chat.node.validate()).toHaveLength(1);
  });

  it('works for several functions, and at construction', () => {
    const stack = new Stack();
    const [first, second, third] = ['First', 'Second', 'Third'].map((id) => lambdaFunction(stack, id));
    const sessions = new SessionTable(stack, 'Sessions', { functions: [first] });
    sessions.attach(second, third);
    const variables = { [VARIABLE]: stack.resolve(sessions.tableName) };
    expect(environments(stack)).toEqual([variables, variables, variables]);
    expect(statements(stack)).toEqual(Array(3).fill(allowSessionsOn(stack.resolve(sessions.tableArn))));
  });

  it('grants functions that share a role once', () => {
    const stack = new Stack();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const sessions = new SessionTable(stack);
    sessions.attach(lambdaFunction(stack, 'First', { role }), lambdaFunction(stack, 'Second', { role }));
    expect(statements(stack)).toEqual([allowSessionsOn(stack.resolve(sessions.tableArn))]);
  });

  it('works for any runtime', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    const code = lambda.Code.fromInline('…');
    sessions.attach(
      lambdaFunction(stack, 'Python', { runtime: lambda.Runtime.PYTHON_3_13, code }),
      new NodejsFunction(stack, 'Node', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code }),
    );
    const template = Template.fromStack(stack);
    for (const Runtime of ['python3.13', 'nodejs22.x']) {
      template.hasResourceProperties('AWS::Lambda::Function', { Runtime, Environment: { Variables: { [VARIABLE]: stack.resolve(sessions.tableName) } } });
    }
  });
});

describe('granting access to anything that is not a function', () => {
  it('adds a role of another account to the policy of an encrypted table\'s key', () => {
    const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
    const { sessions } = encryptedTable(stack);
    sessions.grantSession(iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ELSEWHERE.account}:role/chat`));
    const permission = { Action: KEY_ACTIONS, Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ELSEWHERE.account}:role/chat` }, Resource: '*' };
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([permission]) } });
  });

  it('grants the same permissions as attaching', () => {
    const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
    const { sessions, key } = encryptedTable(stack);
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    const grant = sessions.grantSession(role);
    expect(grant.success).toBe(true);
    expect(grant.principalStatements.map((statement) => statement.actions)).toEqual([SESSION_ACTIONS, KEY_ACTIONS]);
    expect(statements(stack)).toEqual([
      allowSessionsOn(stack.resolve(sessions.tableArn)),
      allowUseOf(stack.resolve(key.keyArn)),
    ]);
  });
});

describe('a function has one session table', () => {
  it('cannot be attached to a second one', () => {
    const stack = new Stack(new App(), 'Stack');
    const chat = lambdaFunction(stack, 'Chat');
    new SessionTable(stack, 'First', { functions: [chat] });
    const second = new SessionTable(stack, 'Second');
    expect(() => second.attach(chat)).toThrow(
      "[Stack/Chat] cannot be attached to the session table 'Stack/Second/Resource/Resource': its environment variable "
      + "SESSION_LAMBDA_DYNAMODB_TABLE_NAME already names 'Stack/First/Resource/Resource'.",
    );
  });

  it('cannot be attached to a second one of another stack either, although both have the same logical id', () => {
    const app = new App();
    const [first, second] = ['First', 'Second'].map((id) => new SessionTable(new Stack(app, id)));
    const chat = lambdaFunction(new Stack(app, 'Chat'), 'Chat');
    first.attach(chat);
    expect(() => second.attach(chat)).toThrow(/'Second\/SessionTable\/.*already names 'First\/SessionTable\//);
  });

  it('cannot be attached if its environment already names another table', () => {
    const stack = new Stack(new App(), 'Stack');
    const chat = lambdaFunction(stack, 'Chat', { environment: { [VARIABLE]: 'my-own-table' } });
    expect(() => new SessionTable(stack, 'Sessions', { functions: [chat] })).toThrow(/'Stack\/Sessions\/.*already names 'my-own-table'/);
  });

  it('may name the table itself before it is attached', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    const chat = lambdaFunction(stack, 'Chat', { environment: { [VARIABLE]: sessions.tableName } });
    sessions.attach(chat);
    expect(statements(stack)).toEqual([allowSessionsOn(stack.resolve(sessions.tableArn))]);
    expect(environments(stack)).toEqual([{ [VARIABLE]: stack.resolve(sessions.tableName) }]);
  });

  it('fails synthesis if the name is overwritten later', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const chat = lambdaFunction(stack, 'Chat');
    new SessionTable(stack, 'Sessions', { functions: [chat] });
    chat.addEnvironment(VARIABLE, 'my-own-table');
    expect(() => app.synth()).toThrow(
      /\[Stack\/Chat\] SESSION_LAMBDA_DYNAMODB_TABLE_NAME was set to 'my-own-table' after .* attached to the session table 'Stack\/Sessions\//,
    );
  });

  it('fails synthesis if the name is overwritten by that of a table in another stack', () => {
    const app = new App();
    const [first, second] = ['First', 'Second'].map((id) => new SessionTable(new Stack(app, id)));
    const chat = lambdaFunction(new Stack(app, 'Chat'), 'Chat');
    first.attach(chat);
    chat.addEnvironment(VARIABLE, second.tableName);
    expect(() => app.synth()).toThrow(/was set to 'Second\/SessionTable\/.*attached to the session table 'First\/SessionTable\//);
  });
});

describe('attaching across stacks', () => {
  interface Given {
    readonly tableName?: string;
    readonly crossRegionReferences?: boolean;
  }

  function attachAcross(table: Environment | undefined, fn: Environment | undefined, { tableName, crossRegionReferences }: Given = {}) {
    const app = new App();
    const tableStack = new Stack(app, 'Table', { env: table, crossRegionReferences });
    const functionStack = new Stack(app, 'Function', { env: fn, crossRegionReferences });
    const sessions = new SessionTable(tableStack, 'Sessions', { tableName });
    const chat = lambdaFunction(functionStack, 'Chat');
    return { app, tableStack, functionStack, attach: () => sessions.attach(chat) };
  }

  it.each([['unknown to both', undefined], ['known to both', FRANKFURT]])('exports the table where the environment is %s', (_, env) => {
    const { attach, tableStack, functionStack } = attachAcross(env, env);
    attach();
    expect(environments(functionStack)).toEqual([{ [VARIABLE]: { 'Fn::ImportValue': expect.stringMatching(/^Table:ExportsOutputRef/) } }]);
    expect(statements(functionStack)).toEqual([allowSessionsOn({ 'Fn::ImportValue': expect.stringMatching(/^Table:ExportsOutputFnGetAtt.*Arn/) })]);
    expect(tableResource(tableStack).Properties).not.toHaveProperty('TableName');
  });

  it('passes the name and the ARN to a nested stack', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    const nested = new NestedStack(stack, 'Nested');
    sessions.attach(lambdaFunction(nested, 'Chat'));
    const name = expect.stringMatching(/^referencetoSessionTable.*Ref$/);
    const arn = expect.stringMatching(/^referencetoSessionTable.*Arn$/);
    expect(environments(nested)).toEqual([{ [VARIABLE]: { Ref: name } }]);
    expect(statements(nested)).toEqual([allowSessionsOn({ Ref: arn })]);
  });

  it.each<[string, Environment | undefined, Environment | undefined]>([
    ['in another account', FRANKFURT, ELSEWHERE],
    ['in a known account, the table in an unknown one', undefined, FRANKFURT],
    ['in an unknown account, the table in a known one', FRANKFURT, undefined],
  ])('is refused, with an explicit name or without, if the name may not lead to the table: the function %s', (_, table, fn) => {
    const message = /^\[Function\/Chat\] cannot be attached .* 'Table\/Sessions' across accounts.*give both stacks that account in env$/;
    expect(attachAcross(table, fn).attach).toThrow(message);
    expect(attachAcross(table, fn, { tableName: 'sessions' }).attach).toThrow(message);
  });

  it.each<[string, Environment, Environment]>([
    ['in another region', FRANKFURT, DUBLIN],
    ['in a known region, the table in an unknown one', ANYWHERE, FRANKFURT],
    ['in an unknown region, the table in a known one', FRANKFURT, ANYWHERE],
  ])('is refused if it would replace a deployed table: the function %s', (_, table, fn) => {
    const { attach, app, tableStack } = attachAcross(table, fn);
    expect(attach).toThrow(/^\[Function\/Chat\] cannot be attached .* 'Table\/Sessions' across regions: .*Give the table a tableName/);
    app.synth();
    expect(tableResource(tableStack).Properties).not.toHaveProperty('TableName');
  });

  it('says where the table is and where the function is', () => {
    expect(attachAcross(FRANKFURT, DUBLIN).attach)
      .toThrow('the table is in aws://111111111111/eu-central-1, the function in aws://111111111111/eu-west-1');
    expect(attachAcross(undefined, ANYWHERE).attach)
      .toThrow('the table is in aws://unknown-account/unknown-region, the function in aws://111111111111/unknown-region');
  });

  it('uses an explicit name in an unknown region', () => {
    const { attach, functionStack } = attachAcross(FRANKFURT, ANYWHERE, { tableName: 'sessions' });
    attach();
    expect(environments(functionStack)).toEqual([{ [VARIABLE]: 'sessions' }]);
    Annotations.fromStack(functionStack).hasNoWarning('*', Match.anyValue());
  });

  it('uses an explicit name in another region, and warns that the runtime looks there', () => {
    const { attach, functionStack } = attachAcross(FRANKFURT, DUBLIN, { tableName: 'sessions' });
    attach();
    expect(environments(functionStack)).toEqual([{ [VARIABLE]: 'sessions' }]);
    expect(JSON.stringify(statements(functionStack))).toContain(':dynamodb:eu-central-1:111111111111:table/sessions');
    Annotations.fromStack(functionStack).hasWarning('/Function/Chat', Match.stringLikeRegexp('across regions.*make sure that there is a replica'));
  });

  it('leaves an unnamed table unnamed if both stacks have cross-region references', () => {
    const { attach, tableStack, functionStack } = attachAcross(FRANKFURT, DUBLIN, { crossRegionReferences: true });
    attach();
    expect(tableResource(tableStack).Properties).not.toHaveProperty('TableName');
    expect(JSON.stringify(environments(functionStack))).toContain('/cdk/exports/Function/Table');
  });

  it.each([['table', true, false], ['function', false, true]])('is refused if only the stack of the %s has cross-region references', (_, table, fn) => {
    const app = new App();
    const sessions = new SessionTable(new Stack(app, 'Table', { env: FRANKFURT, crossRegionReferences: table }));
    const chat = lambdaFunction(new Stack(app, 'Function', { env: DUBLIN, crossRegionReferences: fn }), 'Chat');
    expect(() => sessions.attach(chat)).toThrow(/both stacks crossRegionReferences: true$/);
  });
});
