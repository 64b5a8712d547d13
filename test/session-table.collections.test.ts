import { App, CfnParameter, PhysicalName, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ISessionTable, SessionTable, SessionTableProps } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements } from './fixtures/synthesised';
import { COLLECTIONS_ACTIONS, COLLECTIONS_READ_ACTIONS, KEY_ACTIONS, TABLE_ACTIONS } from '../src/private/runtime-permissions';
import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE } from '../src/shared-with-runtime/table-schema';

const ACCOUNT = '111111111111';
const FRANKFURT = { account: ACCOUNT, region: 'eu-central-1' };
const VARIABLE = 'SESSION_LAMBDA_COLLECTIONS_TABLE_NAME';
const DUBLIN_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000001`;
const TABLE_ARN = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/sessions`;
const COLLECTIONS_ARN = `${TABLE_ARN}-collections`;
const COLLECTIONS_LOGICAL_ID = 'SessionTableCollections17404D77';

const frankfurt = () => new Stack(new App(), 'Stack', { env: FRANKFURT });

function tablesOf(stack: Stack): { sessions: any; collections: any } {
  const tables = Object.values(Template.fromStack(stack).findResources('AWS::DynamoDB::GlobalTable'));
  const [sessions, collections] = [1, 2].map((keys) => tables.find(({ Properties }) => Properties.KeySchema.length === keys));
  expect(tables).toHaveLength(2);
  return { sessions, collections };
}

function withCollections(props: SessionTableProps = {}, stack = frankfurt()): { stack: Stack; sessions: SessionTable } {
  return { stack, sessions: new SessionTable(stack, 'SessionTable', { collections: true, ...props }) };
}

const replicaArn = (stack: Stack, tableName: string, region: string) =>
  stack.resolve(stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName, region }));

describe('without collections', () => {
  it('there is no table, no permission and no variable for them', () => {
    const stack = frankfurt();
    const sessions = new SessionTable(stack, 'SessionTable', { collections: false, functions: [lambdaFunction(stack, 'Chat')] });
    const plain = frankfurt();
    new SessionTable(plain, 'SessionTable', { functions: [lambdaFunction(plain, 'Chat')] });
    expect(sessions.collectionsTable).toBeUndefined();
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toBe(JSON.stringify(Template.fromStack(plain).toJSON()));
  });

  it.each<[string, SessionTableProps]>([
    ['nothing else', {}],
    ['a name', { tableName: 'sessions' }],
    ['replicas', { replicas: [{ region: 'eu-west-1' }] }],
  ])('the session table is the same, given %s', (_, props) => {
    const { stack } = withCollections(props);
    const plain = frankfurt();
    new SessionTable(plain, 'SessionTable', props);
    const [[logicalId, table]] = Object.entries(Template.fromStack(plain).findResources('AWS::DynamoDB::GlobalTable'));
    expect(Template.fromStack(stack).findResources('AWS::DynamoDB::GlobalTable')[logicalId]).toEqual(table);
  });
});

describe('a collections table', () => {
  it('is a retained table on demand, with the keys, the TTL and the backups that collections need', () => {
    const { collections } = tablesOf(withCollections({}, new Stack()).stack);
    expect(collections).toEqual({
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'collection', AttributeType: 'S' }, { AttributeName: 'item', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'collection', KeyType: 'HASH' }, { AttributeName: 'item', KeyType: 'RANGE' }],
        Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, Region: { Ref: 'AWS::Region' } }],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
      UpdateReplacePolicy: 'Retain',
      DeletionPolicy: 'Retain',
    });
  });

  it('keeps its logical id: another one would replace deployed tables', () => {
    const { sessions, stack } = withCollections();
    expect(stack.getLogicalId(sessions.collectionsTable!.node.defaultChild as dynamodb.CfnGlobalTable)).toBe(COLLECTIONS_LOGICAL_ID);
  });

  it('has the settings of the session table', () => {
    const { stack, sessions } = withCollections({
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
      encryption: dynamodb.TableEncryptionV2.awsManagedKey(),
      billing: dynamodb.Billing.onDemand({ maxReadRequestUnits: 100 }),
      replicas: [{ region: 'eu-west-1', tags: [{ key: 'region', value: 'west' }] }],
      contributorInsightsSpecification: { enabled: true },
      tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
      warmThroughput: { readUnitsPerSecond: 20_000, writeUnitsPerSecond: 8_000 },
      tags: [{ key: 'team', value: 'chat' }],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Tags.of(sessions).add('stage', 'test');
    const without = ({ Properties: { AttributeDefinitions, KeySchema, ...settings }, ...rest }: any) => ({ settings, rest });
    const tables = tablesOf(stack);
    expect(without(tables.collections)).toEqual(without(tables.sessions));
    expect(tables.collections.DeletionPolicy).toBe('Delete');
    expect(tables.collections.Properties.Replicas[1].Tags).toEqual([{ Key: 'stage', Value: 'test' }, { Key: 'team', Value: 'chat' }]);
  });

  it('changes its removal policy with the session table', () => {
    const { stack, sessions } = withCollections();
    sessions.applyRemovalPolicy(RemovalPolicy.DESTROY);
    expect(Object.values(tablesOf(stack)).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete', 'Delete']);
  });

  it('has a name made of the name of the session table', () => {
    expect(tablesOf(withCollections({ tableName: 'sessions' }).stack).collections.Properties.TableName).toBe('sessions-collections');
    const stack = frankfurt();
    withCollections({ tableName: new CfnParameter(stack, 'Name').valueAsString }, stack);
    expect(tablesOf(stack).collections.Properties.TableName).toEqual({ 'Fn::Join': ['', [{ Ref: 'Name' }, '-collections']] });
  });

  it('is refused a name that is too long', () => {
    expect(() => withCollections({ tableName: 'a'.repeat(250) })).toThrow('tableName must be 3 to 255 letters');
  });

  it('has its own metrics', () => {
    const { stack, sessions } = withCollections();
    const { dimensions } = sessions.collectionsTable!.metricConsumedWriteCapacityUnits();
    expect(stack.resolve(dimensions)).toEqual({ TableName: { Ref: COLLECTIONS_LOGICAL_ID } });
  });
});

describe('functions of a table with collections', () => {
  it('are granted what the runtime needs on both tables, and get both names', () => {
    const { stack, sessions } = withCollections();
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(statements(stack)).toEqual([
      { Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.tableArn)] },
      { Action: COLLECTIONS_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.collectionsTable!.tableArn)] },
    ]);
    expect(COLLECTIONS_ACTIONS).toEqual(['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
    expect(environments(stack)).toEqual([{
      SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessions.tableName), [VARIABLE]: { Ref: COLLECTIONS_LOGICAL_ID },
    }]);
  });

  it('are permitted to read both tables where they only read', () => {
    const { stack, sessions } = withCollections();
    sessions.attachReadOnly(lambdaFunction(stack, 'Report'));
    expect(statements(stack)[1]).toEqual({ Action: COLLECTIONS_READ_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.collectionsTable!.tableArn)] });
    expect(COLLECTIONS_READ_ACTIONS).toEqual(['dynamodb:Query', 'dynamodb:GetItem']);
    expect(environments(stack)[0]).toMatchObject({ [VARIABLE]: { Ref: COLLECTIONS_LOGICAL_ID }, SESSION_LAMBDA_READ_ONLY: '1' });
  });

  it('are permitted the key once, as it encrypts both, and the replicas of both', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    const { sessions } = withCollections({
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, { 'eu-west-1': DUBLIN_KEY }), replicas: [{ region: 'eu-west-1' }],
    }, stack);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    const { tableName, tableArn } = sessions.collectionsTable!;
    expect(tablesOf(stack).collections.Properties.Replicas.map((replica: any) => replica.SSESpecification)).toEqual([
      { KMSMasterKeyId: DUBLIN_KEY }, { KMSMasterKeyId: stack.resolve(key.keyArn) },
    ]);
    expect(statements(stack).slice(1)).toEqual([
      { Action: COLLECTIONS_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(tableArn), replicaArn(stack, tableName, 'eu-west-1')] },
      { Action: KEY_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(key.keyArn), DUBLIN_KEY] },
    ]);
  });

  it('are permitted replicas of the collections table that are added late', () => {
    const { stack, sessions } = withCollections();
    sessions.attach(lambdaFunction(stack, 'Chat'));
    const { collectionsTable } = sessions;
    collectionsTable!.addReplica({ region: 'eu-west-1' });
    expect(statements(stack).map(({ Resource }) => Resource.length)).toEqual([1, 2]);
  });

  it('are attached across regions by the names of both', () => {
    const app = new App();
    const tableStack = new Stack(app, 'Table', { env: FRANKFURT });
    const functionStack = new Stack(app, 'Function', { env: { ...FRANKFURT, region: 'eu-west-1' } });
    const { sessions } = withCollections({ tableName: PhysicalName.GENERATE_IF_NEEDED, replicas: [{ region: 'eu-west-1' }] }, tableStack);
    sessions.attach(lambdaFunction(functionStack, 'Chat'));
    app.synth();
    const [variables] = environments(functionStack);
    expect(variables).toEqual({
      SESSION_LAMBDA_DYNAMODB_TABLE_NAME: tablesOf(tableStack).sessions.Properties.TableName,
      [VARIABLE]: tablesOf(tableStack).collections.Properties.TableName,
    });
    expect(variables[VARIABLE]).not.toBe(variables.SESSION_LAMBDA_DYNAMODB_TABLE_NAME);
  });

  it('have one collections table', () => {
    const { stack, sessions } = withCollections();
    expect(() => sessions.attach(lambdaFunction(stack, 'Chat', { environment: { [VARIABLE]: 'my-own-table' } })))
      .toThrow(`its environment variable ${VARIABLE} already names 'my-own-table'`);
  });

  it('fail the synthesis where its name is overwritten later', () => {
    const { stack, sessions } = withCollections();
    const chat = lambdaFunction(stack, 'Chat');
    sessions.attach(chat);
    chat.addEnvironment(VARIABLE, 'my-own-table');
    expect(() => (stack.node.root as App).synth()).toThrow(`${VARIABLE} was set to 'my-own-table' after`);
  });
});

describe('containers', () => {
  it('get what attaching gives: the variables of both tables to spread, and the permissions', () => {
    const { stack, sessions } = withCollections();
    expect(stack.resolve({ LOG_LEVEL: 'info', ...sessions.environment })).toEqual({
      LOG_LEVEL: 'info', SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessions.tableName), [VARIABLE]: { Ref: COLLECTIONS_LOGICAL_ID },
    });
    sessions.grantSession(new iam.Role(stack, 'Task', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(statements(stack).map(({ Action }) => Action)).toEqual([TABLE_ACTIONS, COLLECTIONS_ACTIONS]);
  });

  it('get one variable where there are no collections', () => {
    const stack = frankfurt();
    const sessions = new SessionTable(stack);
    expect(stack.resolve(sessions.environment)).toEqual({ SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessions.tableName) });
  });
});

describe('existing tables', () => {
  const attached = (stack: Stack, sessions: ISessionTable) => {
    sessions.attach(lambdaFunction(stack, 'Chat'));
    return { variables: environments(stack)[0], statement: statements(stack)[1] };
  };

  it.each<[string, object]>([
    ['name', { tableName: 'sessions', collectionsTableName: 'sessions-collections' }],
    ['ARN', { tableArn: TABLE_ARN, collectionsTableArn: COLLECTIONS_ARN }],
    ['name beside an ARN', { tableArn: TABLE_ARN, collectionsTableName: 'sessions-collections' }],
  ])('are imported with their collections table by its %s', (_, attributes) => {
    const stack = frankfurt();
    const sessions = SessionTable.fromTableAttributes(stack, 'Sessions', attributes);
    const { variables, statement } = attached(stack, sessions);
    expect(variables[VARIABLE]).toBe('sessions-collections');
    expect(statement).toEqual({ Action: COLLECTIONS_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.collectionsTable!.tableArn)] });
    expect(JSON.stringify(statement.Resource)).toContain(`:dynamodb:eu-central-1:${ACCOUNT}:table/sessions-collections`);
  });

  it('are imported with the replicas of both', () => {
    const stack = frankfurt();
    const { statement } = attached(stack, SessionTable.fromTableAttributes(stack, 'Sessions', {
      tableArn: TABLE_ARN, collectionsTableArn: COLLECTIONS_ARN, replicaRegions: ['eu-west-1'],
    }));
    expect(statement.Resource).toEqual([COLLECTIONS_ARN, replicaArn(stack, 'sessions-collections', 'eu-west-1')]);
  });

  it('are wrapped with a collections table and its key', () => {
    const stack = frankfurt();
    const [key, other] = ['Key', 'OtherKey'].map((id) => new kms.Key(stack, id));
    const encryption = (tableKey: kms.IKey) => dynamodb.TableEncryptionV2.customerManagedKey(tableKey);
    const string = dynamodb.AttributeType.STRING;
    const table = new dynamodb.TableV2(stack, 'Own', { partitionKey: { name: 'key', type: string }, timeToLiveAttribute: 'ttl', encryption: encryption(key) });
    const collections = new dynamodb.TableV2(stack, 'OwnCollections', {
      partitionKey: { name: 'collection', type: string }, sortKey: { name: 'item', type: string }, timeToLiveAttribute: 'ttl', encryption: encryption(other),
    });
    const { variables } = attached(stack, SessionTable.fromTable(stack, 'Sessions', table, collections));
    expect(variables[VARIABLE]).toEqual(stack.resolve(collections.tableName));
    expect(statements(stack).slice(2).map(({ Resource }) => Resource)).toEqual([stack.resolve(key.keyArn), stack.resolve(other.keyArn)]);
  });

  it.each<[string, object, string]>([
    ['both name and ARN', { collectionsTableName: 'collections', collectionsTableArn: COLLECTIONS_ARN }, 'collectionsTableName and collectionsTableArn exclude each other'],
    ['an impossible name', { collectionsTableName: 'my collections' }, "collectionsTableName must be 3 to 255 letters, digits, '_', '-' or '.', got 'my collections'"],
    ['an ARN as the name', { collectionsTableName: COLLECTIONS_ARN }, 'to refer to a table by its ARN, use collectionsTableArn'],
    ['a name as the ARN', { collectionsTableArn: 'collections' }, 'collectionsTableArn must be of the form'],
    ['a table in another region', { collectionsTableArn: COLLECTIONS_ARN.replace('eu-central-1', 'eu-west-1') }, 'the collections table must be in the account and region of the session table'],
    ['a table in another account', { collectionsTableArn: COLLECTIONS_ARN.replace(ACCOUNT, '222222222222') }, 'it is in aws://222222222222/eu-central-1'],
  ])('are not imported with %s', (_, attributes, message) => {
    expect(() => SessionTable.fromTableAttributes(frankfurt(), 'Sessions', { tableArn: TABLE_ARN, ...attributes })).toThrow(message);
  });

  it.each<[string, object]>([
    ['name', { tableName: 'sessions', collectionsTableName: 'sessions' }],
    ['ARN', { tableArn: TABLE_ARN, collectionsTableArn: TABLE_ARN }],
    ['name beside an ARN', { tableArn: TABLE_ARN, collectionsTableName: 'sessions' }],
    ['ARN beside a name', { tableName: 'sessions', collectionsTableArn: TABLE_ARN }],
  ])('are not imported with the session table as the collections table: by its %s', (_, attributes) => {
    expect(() => SessionTable.fromTableAttributes(frankfurt(), 'Sessions', attributes)).toThrow(
      "[Stack/Sessions] 'sessions' cannot be both the session table and the collections table, whose keys differ: name another table, "
      + "with the partition key 'collection' (S) and the sort key 'item' (S)",
    );
  });

  it('are not imported with the same name that is known only at deployment', () => {
    const stack = frankfurt();
    const tableName = new CfnParameter(stack, 'Name').valueAsString;
    expect(() => SessionTable.fromTableAttributes(stack, 'Sessions', { tableName, collectionsTableName: tableName })).toThrow('cannot be both');
  });

  it('are not wrapped with the same table for both', () => {
    const stack = frankfurt();
    const [one, same] = ['One', 'Same'].map((id) => dynamodb.TableV2.fromTableName(stack, id, 'sessions'));
    expect(() => SessionTable.fromTable(stack, 'Sessions', one, same)).toThrow("'sessions' cannot be both the session table and the collections table");
  });

  it('are not wrapped with a table that has another key', () => {
    const stack = frankfurt();
    const [table, other] = ['Own', 'Other'].map((id) => new dynamodb.TableV2(stack, id, {
      partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'ttl',
    }));
    expect(() => SessionTable.fromTable(stack, 'Sessions', table, other))
      .toThrow("the table 'Stack/Other' cannot be the collections table: its key is 'key' (S), and has to be 'collection' (S) with 'item' (S)");
  });
});

it('the variable is public, and the one that the runtime reads', () => {
  expect(SessionTable.COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE).toBe(VARIABLE);
  expect(SessionTable.COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE).toBe(COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE);
});
