import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SessionTable, SessionTableProps } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements, tableResource } from './fixtures/synthesised';
import { KEY_ACTIONS, TABLE_ACTIONS } from '../src/private/runtime-permissions';

const ACCOUNT = '111111111111';
const FRANKFURT = { account: ACCOUNT, region: 'eu-central-1' };
const DUBLIN = { account: ACCOUNT, region: 'eu-west-1' };
const DUBLIN_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000001`;
const TOKYO_KEY = `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000002`;

function frankfurt(): Stack {
  return new Stack(new App(), 'Stack', { env: FRANKFURT });
}

function templateOf(props: SessionTableProps): Record<string, any> {
  const stack = frankfurt();
  new SessionTable(stack, 'Sessions', { ...props, functions: [lambdaFunction(stack, 'Chat')] });
  return Template.fromStack(stack).toJSON();
}

function replicaArn(stack: Stack, tableName: string, region: string): unknown {
  return stack.resolve(stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName, region }));
}

describe('replicas of a session table', () => {
  it('are in their regions, with the backups and the protection of the table', () => {
    const stack = frankfurt();
    const sessions = new SessionTable(stack, 'Sessions', { replicas: [{ region: 'eu-west-1' }], deletionProtection: true });
    const common = { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
    expect(tableResource(stack).Properties.Replicas).toEqual([{ Region: 'eu-west-1', ...common }, { Region: 'eu-central-1', ...common }]);
    expect(sessions.replicaRegions).toEqual(['eu-west-1']);
  });

  it('may have their own protection and backups', () => {
    const stack = frankfurt();
    const pointInTimeRecoverySpecification = { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 3 };
    new SessionTable(stack, 'Sessions', { replicas: [{ region: 'eu-west-1', deletionProtection: true, pointInTimeRecoverySpecification }] });
    expect(tableResource(stack).Properties.Replicas).toEqual([
      {
        Region: 'eu-west-1',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 3 },
      },
      { Region: 'eu-central-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ]);
  });

  it('are eventually consistent, as strongly consistent tables have no TTL', () => {
    const stack = frankfurt();
    new SessionTable(stack, 'Sessions', { replicas: [{ region: 'eu-west-1' }] });
    expect(tableResource(stack).Properties).not.toHaveProperty('MultiRegionConsistency');
  });

  it('do not exist unless asked for', () => {
    expect(new SessionTable(frankfurt()).replicaRegions).toEqual([]);
    expect(new SessionTable(new Stack()).replicaRegions).toEqual([]);
  });

  it('are refused where the region of the stack is not known', () => {
    expect(() => new SessionTable(new Stack(), 'Sessions', { replicas: [{ region: 'eu-west-1' }] })).toThrow('region agnostic');
  });
});

describe('a replica that is added to a deployed table', () => {
  const before = templateOf({});
  const after = templateOf({ replicas: [{ region: 'eu-west-1' }] });

  it('leaves all logical ids as they are', () => {
    expect(Object.keys(after.Resources)).toEqual(Object.keys(before.Resources));
  });

  it('changes nothing of the table but replicas and stream, which CloudFormation updates without replacement', () => {
    const [[logicalId, table]] = Object.entries<any>(before.Resources).filter(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable');
    const { Replicas, StreamSpecification, ...rest } = after.Resources[logicalId].Properties;
    expect({ ...after.Resources[logicalId], Properties: { ...rest, Replicas: table.Properties.Replicas } }).toEqual(table);
    expect(Replicas).toEqual([expect.objectContaining({ Region: 'eu-west-1' }), ...table.Properties.Replicas]);
    expect(StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  it('leaves the functions as they are', () => {
    const functionsOf = ({ Resources }: Record<string, any>) => Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functionsOf(after)).toEqual(functionsOf(before));
    expect(functionsOf(after)).toHaveLength(1);
  });
});

describe('functions of a table with replicas', () => {
  it('are permitted to use the table and each replica', () => {
    const stack = frankfurt();
    const sessions = new SessionTable(stack, 'Sessions', { replicas: [{ region: 'eu-west-1' }, { region: 'ap-northeast-1' }] });
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(statements(stack)).toEqual([{
      Action: TABLE_ACTIONS,
      Effect: 'Allow',
      Resource: [
        stack.resolve(sessions.tableArn),
        replicaArn(stack, sessions.tableName, 'eu-west-1'),
        replicaArn(stack, sessions.tableName, 'ap-northeast-1'),
      ],
    }]);
  });

  it('are permitted to use the key of each replica', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    const sessions = new SessionTable(stack, 'Sessions', {
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, { 'eu-west-1': DUBLIN_KEY, 'ap-northeast-1': TOKYO_KEY }),
      replicas: [{ region: 'eu-west-1' }, { region: 'ap-northeast-1' }],
    });
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(tableResource(stack).Properties.Replicas.map((replica: any) => replica.SSESpecification)).toEqual([
      { KMSMasterKeyId: DUBLIN_KEY }, { KMSMasterKeyId: TOKYO_KEY }, { KMSMasterKeyId: stack.resolve(key.keyArn) },
    ]);
    expect(statements(stack)[1]).toEqual({ Action: KEY_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(key.keyArn), DUBLIN_KEY, TOKYO_KEY] });
  });

  it('are not permitted to use a key of a region without a replica', () => {
    const stack = frankfurt();
    const encryption = dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key'), { 'eu-west-1': DUBLIN_KEY, 'ap-northeast-1': TOKYO_KEY });
    new SessionTable(stack, 'Sessions', { encryption, replicas: [{ region: 'eu-west-1' }], functions: [lambdaFunction(stack, 'Chat')] });
    expect(JSON.stringify(statements(stack))).not.toContain(TOKYO_KEY);
  });

  it('are attached without a warning in the region of a replica, with one elsewhere', () => {
    const app = new App();
    const sessions = new SessionTable(new Stack(app, 'Table', { env: FRANKFURT }), 'Sessions', { tableName: 'sessions', replicas: [{ region: 'eu-west-1' }] });
    const [dublin, tokyo] = [DUBLIN, { account: ACCOUNT, region: 'ap-northeast-1' }].map((env) => new Stack(app, `Functions-${env.region}`, { env }));
    sessions.attach(lambdaFunction(dublin, 'Chat'), lambdaFunction(tokyo, 'Chat'));
    Annotations.fromStack(dublin).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(tokyo).hasWarning('*', Match.stringLikeRegexp('across regions'));
    expect(JSON.stringify(statements(dublin))).toContain(':dynamodb:eu-west-1:111111111111:table/sessions');
  });
});

describe('replicas that are added late', () => {
  const arns = (stack: Stack, sessions: SessionTable) =>
    [stack.resolve(sessions.tableArn), replicaArn(stack, sessions.tableName, 'eu-west-1'), replicaArn(stack, sessions.tableName, 'ap-northeast-1')];

  it('are permitted to functions that were attached before and after', () => {
    const stack = frankfurt();
    const sessions = new SessionTable(stack, 'Sessions', { replicas: [{ region: 'eu-west-1' }], functions: [lambdaFunction(stack, 'Before')] });
    sessions.table.addReplica({ region: 'ap-northeast-1' });
    sessions.attach(lambdaFunction(stack, 'After'));
    expect(statements(stack)).toEqual(Array(2).fill({ Action: TABLE_ACTIONS, Effect: 'Allow', Resource: arns(stack, sessions) }));
  });

  it('are permitted to functions that only read, and to others', () => {
    const stack = frankfurt();
    const sessions = new SessionTable(stack);
    sessions.attachReadOnly(lambdaFunction(stack, 'Report'));
    sessions.grantSession(lambdaFunction(stack, 'Container'));
    sessions.table.addReplica({ region: 'eu-west-1' });
    sessions.table.addReplica({ region: 'ap-northeast-1' });
    expect(statements(stack).map(({ Resource }) => Resource)).toEqual(Array(2).fill(arns(stack, sessions)));
  });

  it('are permitted with their keys', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    const encryption = dynamodb.TableEncryptionV2.customerManagedKey(key, { 'eu-west-1': DUBLIN_KEY });
    const sessions = new SessionTable(stack, 'Sessions', { encryption, functions: [lambdaFunction(stack, 'Chat')] });
    sessions.table.addReplica({ region: 'eu-west-1' });
    expect(statements(stack)[1]).toEqual({ Action: KEY_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(key.keyArn), DUBLIN_KEY] });
  });

  it('are permitted by a table that others have made, too', () => {
    const stack = frankfurt();
    const table = new dynamodb.TableV2(stack, 'Own', { partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'ttl' });
    SessionTable.fromTable(stack, 'Sessions', table).attach(lambdaFunction(stack, 'Chat'));
    table.addReplica({ region: 'eu-west-1' });
    expect(JSON.stringify(statements(stack))).toContain(':dynamodb:eu-west-1:111111111111:table/');
  });
});

describe('replicas of tables that were made in other ways', () => {
  it('are permitted: those of a Table, the predecessor of TableV2', () => {
    const stack = frankfurt();
    const table = new dynamodb.Table(stack, 'Own', {
      partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'ttl', replicationRegions: ['eu-west-1'],
    });
    const sessions = SessionTable.fromTable(stack, 'Sessions', table);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(sessions.replicaRegions).toEqual(['eu-west-1']);
    expect(statements(stack)).toContainEqual({
      Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(table.tableArn), replicaArn(stack, table.tableName, 'eu-west-1')],
    });
  });

  it('are session tables themselves: a replica in another account', () => {
    const app = new App();
    const source = new dynamodb.TableV2(new Stack(app, 'Source', { env: { ...FRANKFURT, account: '222222222222' } }), 'Table', {
      tableName: 'sessions',
      partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      globalTableSettingsReplicationMode: dynamodb.GlobalTableSettingsReplicationMode.ALL,
    });
    const stack = new Stack(app, 'Replica', { env: DUBLIN });
    const replica = new dynamodb.TableV2MultiAccountReplica(stack, 'Table', { tableName: 'sessions', replicaSourceTable: source, globalTableSettingsReplicationMode: dynamodb.GlobalTableSettingsReplicationMode.ALL });
    const sessions = SessionTable.fromTable(stack, 'Sessions', replica);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(sessions.replicaRegions).toEqual([]);
    expect(statements(stack)).toEqual([{ Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(replica.tableArn)] }]);
  });
});

describe('a table that CDK may name where another region refers to it', () => {
  it('is attached across regions', () => {
    const app = new App();
    const [tableStack, functionStack] = [new Stack(app, 'Table', { env: FRANKFURT }), new Stack(app, 'Function', { env: DUBLIN })];
    const sessions = new SessionTable(tableStack, 'Sessions', { tableName: PhysicalName.GENERATE_IF_NEEDED, replicas: [{ region: 'eu-west-1' }] });
    sessions.attach(lambdaFunction(functionStack, 'Chat'));
    app.synth();
    const { TableName } = tableResource(tableStack).Properties;
    expect(TableName).toMatch(/sessions/);
    expect(JSON.stringify(statements(functionStack))).toContain(`:dynamodb:eu-west-1:111111111111:table/${TableName}`);
    expect(environments(functionStack)).toEqual([{ SESSION_LAMBDA_DYNAMODB_TABLE_NAME: TableName }]);
  });
});

describe('a table that is imported with replicas', () => {
  const tableArn = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/sessions`;

  it('permits its functions to use the table, each replica and each key', () => {
    const stack = frankfurt();
    const keyArn = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`;
    const sessions = SessionTable.fromTableAttributes(stack, 'Sessions', {
      tableArn,
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', keyArn),
      replicaRegions: ['eu-west-1', 'ap-northeast-1'],
      replicaKeyArns: { 'eu-west-1': DUBLIN_KEY, 'ap-northeast-1': TOKYO_KEY },
    });
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(sessions.replicaRegions).toEqual(['eu-west-1', 'ap-northeast-1']);
    expect(statements(stack)).toEqual([
      {
        Action: TABLE_ACTIONS,
        Effect: 'Allow',
        Resource: [tableArn, replicaArn(stack, 'sessions', 'eu-west-1'), replicaArn(stack, 'sessions', 'ap-northeast-1')],
      },
      { Action: KEY_ACTIONS, Effect: 'Allow', Resource: [keyArn, DUBLIN_KEY, TOKYO_KEY] },
    ]);
  });

  it('has its replicas in the account of the table', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '222222222222', region: 'eu-central-1' } });
    const sessions = SessionTable.fromTableAttributes(stack, 'Sessions', { tableArn, replicaRegions: ['eu-west-1'] });
    sessions.grantSession(lambdaFunction(stack, 'Chat'));
    expect(JSON.stringify(statements(stack)[0].Resource)).toContain(':dynamodb:eu-west-1:111111111111:table/sessions');
  });

  it('is attached without a warning in the region of a replica', () => {
    const stack = new Stack(new App(), 'Stack', { env: DUBLIN });
    SessionTable.fromTableAttributes(stack, 'Sessions', { tableArn, replicaRegions: ['eu-west-1'] }).attach(lambdaFunction(stack, 'Chat'));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  it('is refused a key of a region that has no replica', () => {
    expect(() => SessionTable.fromTableAttributes(frankfurt(), 'Sessions', { tableArn, replicaRegions: ['eu-west-1'], replicaKeyArns: { 'ap-northeast-1': TOKYO_KEY } }))
      .toThrow("[Stack/Sessions] replicaKeyArns has a key for 'ap-northeast-1', which is not among the replicaRegions: eu-west-1");
  });

  it('is refused keys of replicas without one of the table', () => {
    expect(() => SessionTable.fromTableAttributes(frankfurt(), 'Sessions', { tableArn, replicaRegions: ['eu-west-1'], replicaKeyArns: { 'eu-west-1': DUBLIN_KEY } }))
      .toThrow('[Stack/Sessions] replicaKeyArns without an encryptionKey');
  });
});
