import { App, CfnParameter, Environment, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements, tableResource } from './fixtures/synthesised';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';
const FRANKFURT = { account: '111111111111', region: 'eu-central-1' };
const DUBLIN = { account: '111111111111', region: 'eu-west-1' };

describe('tokens', () => {
  it('reach functions as the name of the table', () => {
    const stack = new Stack();
    const tableName = new CfnParameter(stack, 'Name').valueAsString;
    const sessions = new SessionTable(stack, 'Sessions', { tableName, functions: [lambdaFunction(stack, 'Chat')] });
    expect(tableResource(stack).Properties.TableName).toEqual({ Ref: 'Name' });
    expect(environments(stack)).toEqual([{ [VARIABLE]: stack.resolve(sessions.tableName) }]);
  });

  it('are taken as the account and the region of imported tables', () => {
    const stack = new Stack(new App(), 'Stack', { env: FRANKFURT });
    const tableArn = stack.formatArn({
      service: 'dynamodb', resource: 'table', resourceName: 'sessions', account: new CfnParameter(stack, 'Account').valueAsString,
    });
    const sessions = SessionTable.fromTableArn(stack, 'Sessions', tableArn);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(statements(stack)[0].Resource).toEqual(stack.resolve(tableArn));
  });
});

describe('nested stacks', () => {
  it('export a table that is inside of them', () => {
    const stack = new Stack();
    const nested = new NestedStack(stack, 'Nested');
    new SessionTable(nested).attach(lambdaFunction(stack, 'Chat'));
    const output = (attribute: string) => ({
      'Fn::GetAtt': [expect.stringMatching(/^NestedNestedStack/), expect.stringMatching(new RegExp(`^Outputs\\..*SessionTable.*${attribute}$`))],
    });
    expect(environments(stack)).toEqual([{ [VARIABLE]: output('Ref') }]);
    expect(statements(stack)[0].Resource).toEqual([output('Arn')]);
  });

  it('share a table with their siblings', () => {
    const stack = new Stack();
    const [first, second] = ['First', 'Second'].map((id) => new NestedStack(stack, id));
    new SessionTable(first).attach(lambdaFunction(second, 'Chat'));
    expect(environments(second)).toEqual([{ [VARIABLE]: { Ref: expect.stringMatching(/^referenceto.*SessionTable.*Ref$/) } }]);
  });
});

describe('stages', () => {
  class Service extends Stage {
    public readonly tableStack = new Stack(this, 'Table');
    public readonly functionStack = new Stack(this, 'Function');

    constructor(app: App, id: string, env: Environment) {
      super(app, id, { env });
      new SessionTable(this.tableStack).attach(lambdaFunction(this.functionStack, 'Chat'));
    }
  }

  it('have a table each, with the same template', () => {
    const app = new App();
    const [test, production] = [new Service(app, 'Test', FRANKFURT), new Service(app, 'Production', FRANKFURT)];
    expect(Template.fromStack(production.tableStack).findResources('AWS::DynamoDB::GlobalTable'))
      .toEqual(Template.fromStack(test.tableStack).findResources('AWS::DynamoDB::GlobalTable'));
    expect(environments(production.functionStack)).toEqual([{ [VARIABLE]: { 'Fn::ImportValue': expect.stringMatching(/^Production-Table:/) } }]);
    expect(environments(test.functionStack)).toEqual([{ [VARIABLE]: { 'Fn::ImportValue': expect.stringMatching(/^Test-Table:/) } }]);
  });

  it('do not share a table', () => {
    const app = new App();
    const sessions = new SessionTable(new Stack(new Stage(app, 'Test', { env: FRANKFURT }), 'Table'));
    sessions.attach(lambdaFunction(new Stack(new Stage(app, 'Production', { env: FRANKFURT }), 'Function'), 'Chat'));
    expect(() => app.synth()).toThrow(/dependency cannot cross stage boundaries/);
  });
});

describe('cross-region references', () => {
  it('carry the name, the ARN and the key of the table', () => {
    const app = new App();
    const tableStack = new Stack(app, 'Table', { env: FRANKFURT, crossRegionReferences: true });
    const functionStack = new Stack(app, 'Function', { env: DUBLIN, crossRegionReferences: true });
    const encryption = dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(tableStack, 'Key'));
    new SessionTable(tableStack, 'Sessions', { encryption }).attach(lambdaFunction(functionStack, 'Chat'));
    const exported = (what: string) => expect.objectContaining({ 'Fn::GetAtt': ['ExportsReader8B249524', expect.stringMatching(what)] });
    expect(environments(functionStack)).toContainEqual({ [VARIABLE]: exported('Ref.*Sessions') });
    expect(statements(functionStack).map(({ Resource }) => Resource)).toEqual([[exported('Arn.*Sessions|Sessions.*Arn')], exported('Key.*Arn')]);
    expect(tableResource(tableStack).Properties).not.toHaveProperty('TableName');
    Template.fromStack(tableStack).hasResourceProperties('Custom::CrossRegionExportWriter', { WriterProps: Match.objectLike({ region: 'eu-west-1' }) });
  });
});
