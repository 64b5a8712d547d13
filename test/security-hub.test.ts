import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as backup from 'aws-cdk-lib/aws-backup';
import { SessionTable } from '../src';
import { tableResource } from './fixtures/synthesised';

/** What AWS Security Hub checks of DynamoDB tables, see docs/security-hub.md. */
describe('a session table', () => {
  const stack = () => new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });

  it('has the point-in-time recovery and the billing that Security Hub asks for, in all regions', () => {
    const scope = stack();
    new SessionTable(scope, 'Sessions', { replicas: [{ region: 'eu-west-1' }] });
    const { BillingMode, Replicas } = tableResource(scope).Properties;
    expect(BillingMode).toBe('PAY_PER_REQUEST');
    expect(Replicas).toEqual(Array(2).fill(expect.objectContaining({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })));
  });

  it('has the deletion protection and the tags that it is given', () => {
    const scope = stack();
    new SessionTable(scope, 'Sessions', { deletionProtection: true, tags: [{ key: 'team', value: 'chat' }] });
    expect(tableResource(scope).Properties.Replicas).toEqual([
      expect.objectContaining({ DeletionProtectionEnabled: true, Tags: [{ Key: 'team', Value: 'chat' }] }),
    ]);
  });

  it('is in a backup plan that selects it', () => {
    const scope = stack();
    const sessions = new SessionTable(scope, 'Sessions');
    backup.BackupPlan.daily35DayRetention(scope, 'Plan').addSelection('Sessions', { resources: [backup.BackupResource.fromArn(sessions.tableArn)] });
    Template.fromStack(scope).hasResourceProperties('AWS::Backup::BackupSelection', {
      BackupSelection: { Resources: [scope.resolve(sessions.tableArn)] },
    });
  });
});
