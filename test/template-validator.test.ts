import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { version } from 'aws-cdk-lib/package.json';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';

interface ValidationReport {
  readonly pluginReports: ReadonlyArray<{
    readonly violations: ReadonlyArray<{
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: ReadonlyArray<{ readonly constructPath: string }>;
    }>;
  }>;
}

const FIRST_WITH_VALIDATOR = 262;
const hasValidator = Number(version.split('.')[1]) >= FIRST_WITH_VALIDATOR;

function findings(app: App): string[] {
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { directory } = app.synth();
  printed.mockRestore();
  const report: ValidationReport = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ violations }) => violations).flatMap(({ ruleName, description, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${constructPath}: ${ruleName} ${description}`));
}

function appWithEverything(): App {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  new SessionTable(stack, 'Plain', { functions: [lambdaFunction(stack, 'First')] });
  new SessionTable(stack, 'Full', {
    tableName: 'sessions',
    deletionProtection: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key')),
    functions: [lambdaFunction(stack, 'Second')],
  });
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
  expect(findings(app)).toEqual([expect.stringMatching(/^Stack\/Mistake: .*'FREE' is not one of/)]);
});
