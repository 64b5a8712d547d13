import { App, Stack, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { Finding, findings } from './fixtures/validation-report';

/** What cdk-nag finds in a stack with a function that has findings itself. */
function nag(build: (stack: Stack, chat: lambda.Function) => void): Finding[] {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app), new NIST80053R5Checks(app), new PCIDSS321Checks(app));
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  build(stack, lambdaFunction(stack, 'Chat'));
  return findings(app);
}

const summary = ({ path, rule }: Finding) => `${path}: ${rule}`;
const withoutSessions = nag(() => undefined).map(summary);

/** What sessions add to the findings. */
function added(build: (stack: Stack, chat: lambda.Function) => void): string[] {
  return nag(build).map(summary).filter((finding) => !withoutSessions.includes(finding)).sort();
}

/**
 * The rule asks for managed policies. As all grants of CDK, those of a session table go to the policy of the function's
 * role, which belongs to that role alone and disappears with it. Who has to follow the rule passes functions roles of their
 * own that are not to be changed (`role.withoutPolicyUpdates()`) and gives a managed policy to `grantSession()`.
 */
const INLINE_POLICY_OF_THE_FUNCTION = ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321']
  .map((pack) => `Stack/Chat/ServiceRole/DefaultPolicy/Resource: ${pack}-IAMNoInlinePolicy`);

describe('cdk-nag with its packs AwsSolutions, HIPAA, NIST 800-53 and PCI', () => {
  it('finds what is wrong with tables, if anything is', () => {
    const rules = added((stack) => new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, billingMode: dynamodb.BillingMode.PROVISIONED,
    }));
    expect(rules).toContain('Stack/Table/Resource: AwsSolutions-DDB3');
    expect(rules).toContain('Stack/Table/Resource: HIPAA.Security-DynamoDBPITREnabled');
    expect(rules).toContain('Stack/Table/Resource: NIST.800.53.R5-DynamoDBAutoScalingEnabled');
  });

  it('finds nothing about a session table', () => {
    expect(added((stack) => new SessionTable(stack))).toEqual([]);
  });

  it('finds nothing about a collections table, and no wildcard where it is granted', () => {
    expect(added((stack, chat) => new SessionTable(stack, 'Sessions', { collections: true, functions: [chat] }))).toEqual(INLINE_POLICY_OF_THE_FUNCTION);
  });

  it('finds nothing but that grants make inline policies where a function is attached', () => {
    expect(added((stack, chat) => new SessionTable(stack, 'Sessions', { functions: [chat] }))).toEqual(INLINE_POLICY_OF_THE_FUNCTION);
  });

  it('finds no wildcard where keys and replicas are granted', () => {
    expect(added((stack, chat) => new SessionTable(stack, 'Sessions', {
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key', { enableKeyRotation: true }), {
        'eu-west-1': 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000001',
      }),
      replicas: [{ region: 'eu-west-1' }],
      functions: [chat],
    }))).toEqual(INLINE_POLICY_OF_THE_FUNCTION);
  });
});

it('the table has what rule DDB3 asks of older tables, which cdk-nag does not look for in global tables: point-in-time recovery', () => {
  const sessions = new SessionTable(new Stack());
  expect(sessions.stack.resolve((sessions.node.defaultChild as dynamodb.CfnGlobalTable).replicas))
    .toEqual([expect.objectContaining({ pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } })]);
});
