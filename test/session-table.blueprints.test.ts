import { App, IPropertyInjector, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { SessionTable, SessionTableProps } from '../src';
import { tableResource } from './fixtures/synthesised';

/** A table made where an organisation has its own defaults for tables. */
function tableUnder(defaults: Partial<dynamodb.TablePropsV2>, props: SessionTableProps = {}): Record<string, any> {
  const blueprint: IPropertyInjector = {
    constructUniqueId: dynamodb.TableV2.PROPERTY_INJECTION_ID,
    inject: (given) => ({ ...defaults, ...given }),
  };
  const stack = new Stack(new App({ propertyInjectors: [blueprint] }), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  new SessionTable(stack, 'Sessions', props);
  return tableResource(stack);
}

const WEEK = { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 };

describe('a property injector for tables', () => {
  it.each<[string, Partial<dynamodb.TablePropsV2>, object]>([
    ['deletion protection', { deletionProtection: true }, { Properties: { Replicas: [{ DeletionProtectionEnabled: true }] } }],
    ['encryption', { encryption: dynamodb.TableEncryptionV2.awsManagedKey() }, { Properties: { SSESpecification: { SSEEnabled: true, SSEType: 'KMS' } } }],
    ['the removal policy', { removalPolicy: RemovalPolicy.DESTROY }, { DeletionPolicy: 'Delete' }],
    ['the recovery period', { pointInTimeRecoverySpecification: WEEK }, { Properties: { Replicas: [{ PointInTimeRecoverySpecification: { RecoveryPeriodInDays: 7 } }] } }],
    ['billing', { billing: dynamodb.Billing.onDemand({ maxReadRequestUnits: 9 }) }, { Properties: { Replicas: [{ ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 9 } }] } }],
    ['tags', { tags: [{ key: 'team', value: 'chat' }] }, { Properties: { Replicas: [{ Tags: [{ Key: 'team', Value: 'chat' }] }] } }],
    ['replicas', { replicas: [{ region: 'eu-west-1' }] }, {
      Properties: { Replicas: ['eu-west-1', 'eu-central-1'].map((Region) => ({ Region, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })) },
    }],
  ])('decides on %s where the app does not', (_, defaults, expected) => {
    expect(tableUnder(defaults)).toMatchObject(expected);
  });

  it('yields to what the app says', () => {
    const table = tableUnder({ deletionProtection: true, pointInTimeRecoverySpecification: WEEK, removalPolicy: RemovalPolicy.DESTROY }, {
      deletionProtection: false, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false }, removalPolicy: RemovalPolicy.RETAIN,
    });
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { Replicas: [{ DeletionProtectionEnabled: false, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }] },
    });
  });

  it('does not decide on what the runtime relies on', () => {
    const table = tableUnder({ partitionKey: { name: 'id', type: dynamodb.AttributeType.NUMBER }, timeToLiveAttribute: 'expires' });
    expect(table.Properties.KeySchema).toEqual([{ AttributeName: 'key', KeyType: 'HASH' }]);
    expect(table.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
  });
});
