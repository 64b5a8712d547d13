import { App, CfnResource, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { version } from 'aws-cdk-lib/package.json';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { findings } from './fixtures/validation-report';

const FIRST_WITH_VALIDATOR = 262;
const hasValidator = Number(version.split('.')[1]) >= FIRST_WITH_VALIDATOR;

function appWithEverything(): App {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  new SessionTable(stack, 'Plain', { functions: [lambdaFunction(stack, 'First')] });
  const full = new SessionTable(stack, 'Full', {
    collections: true,
    tableName: 'sessions',
    deletionProtection: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key'), {
      'eu-west-1': 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000001',
    }),
    billing: dynamodb.Billing.onDemand({ maxReadRequestUnits: 100 }),
    replicas: [{ region: 'eu-west-1', deletionProtection: true }],
    contributorInsightsSpecification: { enabled: true, mode: dynamodb.ContributorInsightsMode.THROTTLED_KEYS },
    tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
    warmThroughput: { readUnitsPerSecond: 20_000, writeUnitsPerSecond: 8_000 },
    tags: [{ key: 'team', value: 'chat' }],
    functions: [lambdaFunction(stack, 'Second')],
  });
  full.onExpired(lambdaFunction(stack, 'Expired'), { deadLetterQueue: new sqs.Queue(stack, 'Failed') });
  return app;
}

const about = hasValidator ? '' : ` (skipped: aws-cdk-lib ${version} has no validator, 2.${FIRST_WITH_VALIDATOR}.0 has)`;
(hasValidator ? it : it.skip)(`CDK's template validator finds nothing but the mistake that was put beside the session tables${about}`, () => {
  const app = appWithEverything();
  new CfnResource(app.node.findChild('Stack'), 'Mistake', {
    type: 'AWS::DynamoDB::GlobalTable',
    properties: {
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      BillingMode: 'FREE',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      Replicas: [{ Region: 'eu-central-1' }],
    },
  });
  expect(findings(app)).toEqual([expect.objectContaining({ path: 'Stack/Mistake', description: expect.stringContaining("'FREE' is not one of") })]);
});
