import { App, CfnParameter, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SessionTable, SessionTableProps } from '../src';
import { tableResource } from './fixtures/synthesised';
import { READ_ONLY_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../src/shared-with-runtime/table-schema';

const LOGICAL_ID = 'SessionTable94A6611D';

function stackInRegion(): Stack {
  return new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
}

function replicaOf(props: SessionTableProps): Record<string, any> {
  const stack = stackInRegion();
  new SessionTable(stack, 'SessionTable', props);
  const { Replicas } = tableResource(stack).Properties;
  expect(Replicas).toHaveLength(1);
  return Replicas[0];
}

describe('a session table with nothing but a scope', () => {
  const stack = new Stack();
  const sessions = new SessionTable(stack);
  const template = Template.fromStack(stack);

  it('is a retained table on demand, with the key, the TTL and the backups that sessions need, and nothing else', () => {
    template.templateMatches({
      Resources: Match.exact({
        [LOGICAL_ID]: {
          Type: 'AWS::DynamoDB::GlobalTable',
          Properties: {
            AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
            Replicas: [{
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
              Region: { Ref: 'AWS::Region' },
            }],
            TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
          },
          UpdateReplacePolicy: 'Retain',
          DeletionPolicy: 'Retain',
        },
      }),
    });
  });

  it('has the id SessionTable', () => {
    expect(sessions.node.path).toBe('Default/SessionTable');
  });

  it('keeps its logical id for ever: another one would replace deployed tables', () => {
    expect(Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'))).toEqual([LOGICAL_ID]);
  });

  it('exposes its name, its ARN and its table', () => {
    expect(stack.resolve(sessions.tableName)).toEqual({ Ref: LOGICAL_ID });
    expect(stack.resolve(sessions.tableArn)).toEqual({ 'Fn::GetAtt': [LOGICAL_ID, 'Arn'] });
    expect(sessions.table).toBeInstanceOf(dynamodb.TableV2);
    expect(sessions.encryptionKey).toBeUndefined();
  });

  it('has the CloudFormation resource as its default child', () => {
    expect(sessions.node.defaultChild).toBeInstanceOf(dynamodb.CfnGlobalTable);
  });
});

describe('the properties of a session table', () => {
  it('gives the table its name', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack, 'Sessions', { tableName: 'chat_sessions-1.0' });
    expect(tableResource(stack).Properties.TableName).toBe('chat_sessions-1.0');
    expect(stack.resolve(sessions.tableName)).toEqual({ Ref: stack.getLogicalId(sessions.node.defaultChild as dynamodb.CfnGlobalTable) });
  });

  it('accepts a name that is known only at deployment', () => {
    const stack = new Stack();
    new SessionTable(stack, 'Sessions', { tableName: new CfnParameter(stack, 'Name').valueAsString });
    expect(tableResource(stack).Properties.TableName).toEqual({ Ref: 'Name' });
  });

  it.each(['', 'ab', 'a'.repeat(256), 'chat sessions', 'sessions/chat', 'sitzungen-für-chat'])('refuses the table name %j', (tableName) => {
    expect(() => new SessionTable(new Stack(), 'Sessions', { tableName }))
      .toThrow(`[Default/Sessions] tableName must be 3 to 255 letters, digits, '_', '-' or '.', got '${tableName}'`);
  });

  it.each(['abc', 'a'.repeat(255)])('accepts a table name of a length at the limits', (tableName) => {
    const stack = new Stack();
    new SessionTable(stack, 'Sessions', { tableName });
    expect(tableResource(stack).Properties.TableName).toBe(tableName);
  });

  it('deletes the table with the stack if asked to', () => {
    const stack = new Stack();
    new SessionTable(stack, 'Sessions', { removalPolicy: RemovalPolicy.DESTROY });
    expect(tableResource(stack)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('changes the removal policy later', () => {
    const stack = new Stack();
    new SessionTable(stack).applyRemovalPolicy(RemovalPolicy.DESTROY);
    expect(tableResource(stack)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('protects the table from deletion', () => {
    expect(replicaOf({ deletionProtection: true })).toEqual({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Region: 'eu-central-1',
    });
  });

  it('switches point-in-time recovery off', () => {
    expect(replicaOf({ pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false } })).toEqual({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      Region: 'eu-central-1',
    });
  });

  it('shortens the recovery period', () => {
    const pointInTimeRecoverySpecification = { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 };
    expect(replicaOf({ pointInTimeRecoverySpecification })).toEqual({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      Region: 'eu-central-1',
    });
  });

  it('encrypts with a customer managed key', () => {
    const stack = stackInRegion();
    const key = new kms.Key(stack, 'Key');
    const sessions = new SessionTable(stack, 'Sessions', { encryption: dynamodb.TableEncryptionV2.customerManagedKey(key) });
    const { SSESpecification, Replicas } = tableResource(stack).Properties;
    expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(Replicas[0].SSESpecification).toEqual({ KMSMasterKeyId: stack.resolve(key.keyArn) });
    expect(sessions.encryptionKey).toBe(key);
  });

  it('encrypts with the key that AWS manages in the account', () => {
    const stack = stackInRegion();
    const sessions = new SessionTable(stack, 'Sessions', { encryption: dynamodb.TableEncryptionV2.awsManagedKey() });
    expect(tableResource(stack).Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(sessions.encryptionKey).toBeUndefined();
  });
});

describe('the capacity and the costs of a session table', () => {
  const tableOf = (props: SessionTableProps) => {
    const stack = stackInRegion();
    new SessionTable(stack, 'SessionTable', props);
    return tableResource(stack).Properties;
  };

  it('limits what is billed on demand', () => {
    expect(tableOf({ billing: dynamodb.Billing.onDemand({ maxReadRequestUnits: 100, maxWriteRequestUnits: 50 }) })).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      Replicas: [{ ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 100 } }],
      WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 50 },
    });
  });

  it('provisions capacity', () => {
    const billing = dynamodb.Billing.provisioned({
      readCapacity: dynamodb.Capacity.fixed(5),
      writeCapacity: dynamodb.Capacity.autoscaled({ maxCapacity: 20 }),
    });
    expect(tableOf({ billing })).toMatchObject({
      BillingMode: 'PROVISIONED',
      Replicas: [{ ReadProvisionedThroughputSettings: { ReadCapacityUnits: 5 } }],
      WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 1, MaxCapacity: 20 } },
    });
  });

  it('warms the table up', () => {
    expect(tableOf({ warmThroughput: { readUnitsPerSecond: 20_000, writeUnitsPerSecond: 8_000 } }).WarmThroughput)
      .toEqual({ ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 8_000 });
  });

  it('takes the class of rarely used tables', () => {
    expect(replicaOf({ tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS }).TableClass).toBe('STANDARD_INFREQUENT_ACCESS');
  });

  it('shows the sessions that are throttled most', () => {
    const contributorInsightsSpecification = { enabled: true, mode: dynamodb.ContributorInsightsMode.THROTTLED_KEYS };
    expect(replicaOf({ contributorInsightsSpecification }).ContributorInsightsSpecification).toEqual({ Enabled: true, Mode: 'THROTTLED_KEYS' });
  });

  it('tags the table, besides the tags of its scope', () => {
    const stack = stackInRegion();
    new SessionTable(stack, 'SessionTable', { tags: [{ key: 'team', value: 'chat' }] });
    Tags.of(stack).add('stage', 'test');
    expect(tableResource(stack).Properties.Replicas[0].Tags).toEqual([{ Key: 'stage', Value: 'test' }, { Key: 'team', Value: 'chat' }]);
  });
});

describe('the environment variables of attached functions', () => {
  it('are public, and those that the runtime reads', () => {
    expect(SessionTable.TABLE_NAME_ENVIRONMENT_VARIABLE).toBe('SESSION_LAMBDA_DYNAMODB_TABLE_NAME');
    expect(SessionTable.TABLE_NAME_ENVIRONMENT_VARIABLE).toBe(TABLE_NAME_ENVIRONMENT_VARIABLE);
    expect(SessionTable.READ_ONLY_ENVIRONMENT_VARIABLE).toBe('SESSION_LAMBDA_READ_ONLY');
    expect(SessionTable.READ_ONLY_ENVIRONMENT_VARIABLE).toBe(READ_ONLY_ENVIRONMENT_VARIABLE);
  });
});
