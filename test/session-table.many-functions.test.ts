import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { TABLE_ACTIONS } from '../src/private/runtime-permissions';

it('gives each of a hundred functions one statement in the policy of its role, and one variable', () => {
  const stack = new Stack();
  const sessions = new SessionTable(stack);
  const functions = Array.from({ length: 100 }, (_, index) => lambdaFunction(stack, `Function${index}`));
  sessions.attach(...functions);
  sessions.attachAll(stack);

  const template = Template.fromStack(stack);
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
  const statement = { Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.tableArn)] };
  expect(policies.map(({ PolicyDocument }) => PolicyDocument.Statement)).toEqual(Array(100).fill([statement]));
  expect(new Set(policies.map(({ Roles }) => JSON.stringify(Roles))).size).toBe(100);
  const environments = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Environment.Variables);
  expect(environments).toEqual(Array(100).fill({ SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessions.tableName) }));
});
