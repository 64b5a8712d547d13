import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';

/** The bootstrap rule is CDK's affair; without it the snapshot changes only with this construct. */
function templateOf(build: (stack: Stack) => void): Record<string, unknown> {
  const stack = new Stack(new App(), 'Stack', {
    env: { account: '111111111111', region: 'eu-central-1' },
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  build(stack);
  return Template.fromStack(stack).toJSON();
}

it('makes the template of a table with two functions as it always has', () => {
  expect(templateOf((stack) => {
    const sessions = new SessionTable(stack);
    sessions.attach(
      lambdaFunction(stack, 'Chat'),
      lambdaFunction(stack, 'Report', { runtime: lambda.Runtime.PYTHON_3_13, code: lambda.Code.fromInline('def handler(event, context): pass') }),
    );
  })).toMatchSnapshot();
});

it('makes the template of an encrypted table with a name as it always has', () => {
  expect(templateOf((stack) => {
    new SessionTable(stack, 'Sessions', {
      tableName: 'sessions',
      deletionProtection: true,
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key')),
      functions: [lambdaFunction(stack, 'Chat')],
    });
  })).toMatchSnapshot();
});
