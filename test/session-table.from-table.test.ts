import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements } from './fixtures/synthesised';
import { KEY_ACTIONS, TABLE_ACTIONS } from '../src/private/runtime-permissions';

const FRANKFURT = { account: '111111111111', region: 'eu-central-1' };
const DUBLIN_KEY = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000001';
const FIT_FOR_SESSIONS = { partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'ttl' };

function frankfurt(): Stack {
  return new Stack(new App(), 'Stack', { env: FRANKFURT });
}

function tableWith(props: Partial<dynamodb.TablePropsV2>, stack = frankfurt()): dynamodb.TableV2 {
  return new dynamodb.TableV2(stack, 'Own', { ...FIT_FOR_SESSIONS, ...props });
}

describe('a session table that uses an existing TableV2', () => {
  it('adds no resource, and is that table', () => {
    const stack = frankfurt();
    const table = tableWith({}, stack);
    const sessions = SessionTable.fromTable(stack, 'Sessions', table);
    expect(sessions.table).toBe(table);
    expect(sessions.tableName).toBe(table.tableName);
    expect(sessions.tableArn).toBe(table.tableArn);
    expect(sessions.node.findAll().filter((construct) => CfnResource.isCfnResource(construct))).toEqual([]);
  });

  it('attaches functions as a table that it made itself', () => {
    const stack = frankfurt();
    const sessions = SessionTable.fromTable(stack, 'Sessions', tableWith({}, stack));
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(environments(stack)).toEqual([{ SESSION_LAMBDA_DYNAMODB_TABLE_NAME: stack.resolve(sessions.tableName) }]);
    expect(statements(stack)).toEqual([{ Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.tableArn)] }]);
  });

  it('grants no access to indexes of the table', () => {
    const stack = frankfurt();
    const table = tableWith({ globalSecondaryIndexes: [{ indexName: 'by-user', partitionKey: { name: 'user', type: dynamodb.AttributeType.STRING } }] }, stack);
    SessionTable.fromTable(stack, 'Sessions', table).attach(lambdaFunction(stack, 'Chat'));
    expect(statements(stack)[0].Resource).toEqual([stack.resolve(table.tableArn)]);
  });

  it('covers its replicas, also those that were added after it was made, and all keys', () => {
    const stack = frankfurt();
    const key = new kms.Key(stack, 'Key');
    const table = tableWith({ encryption: dynamodb.TableEncryptionV2.customerManagedKey(key, { 'eu-west-1': DUBLIN_KEY }) }, stack);
    table.addReplica({ region: 'eu-west-1' });
    const sessions = SessionTable.fromTable(stack, 'Sessions', table);
    sessions.attach(lambdaFunction(stack, 'Chat'));
    const replicaArn = stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table.tableName, region: 'eu-west-1' });
    expect(sessions.replicaRegions).toEqual(['eu-west-1']);
    expect(sessions.encryptionKey).toBe(key);
    expect(statements(stack)).toEqual([
      { Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(table.tableArn), stack.resolve(replicaArn)] },
      { Action: KEY_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(key.keyArn), DUBLIN_KEY] },
    ]);
  });

  it('is where the table is, not where it is wrapped', () => {
    const app = new App();
    const tableStack = new Stack(app, 'Table', { env: FRANKFURT });
    const functionStack = new Stack(app, 'Function', { env: { ...FRANKFURT, region: 'eu-west-1' } });
    const sessions = SessionTable.fromTable(functionStack, 'Sessions', tableWith({}, tableStack));
    expect(sessions.env).toEqual(FRANKFURT);
    expect(() => sessions.attach(lambdaFunction(functionStack, 'Chat'))).toThrow(/across regions: .*would rename the table/);
    app.synth();
    expect(Object.values(Template.fromStack(tableStack).findResources('AWS::DynamoDB::GlobalTable'))[0].Properties).not.toHaveProperty('TableName');
  });
});

describe('a table that cannot hold sessions', () => {
  it.each<[string, Partial<dynamodb.TablePropsV2>, string]>([
    ['with another key', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }, "its key is 'id' (S), and has to be 'key' (S)"],
    ['with a key of another type', { partitionKey: { name: 'key', type: dynamodb.AttributeType.NUMBER } }, "its key is 'key' (N), and has to be 'key' (S)"],
    ['with a sort key', { sortKey: { name: 'created', type: dynamodb.AttributeType.NUMBER } }, "its key is 'key' (S) with 'created' (N), and has to be 'key' (S)"],
    ['without a TTL attribute', { timeToLiveAttribute: undefined }, "it has no TTL attribute. Give it timeToLiveAttribute: 'ttl'"],
    ['with another TTL attribute', { timeToLiveAttribute: 'expires' }, "its TTL attribute is 'expires', and has to be 'ttl'"],
    ['with strong consistency across regions', {
      multiRegionConsistency: dynamodb.MultiRegionConsistency.STRONG, replicas: [{ region: 'eu-west-1' }, { region: 'eu-west-2' }],
    }, 'it is strongly consistent across regions, and such tables have neither TTL nor transactions'],
  ])('is refused: one %s', (_, props, why) => {
    const table = tableWith(props);
    const wrap = () => SessionTable.fromTable(table.stack, 'Sessions', table);
    expect(wrap).toThrow("[Stack/Sessions] the table 'Stack/Own' cannot hold sessions: ");
    expect(wrap).toThrow(why);
  });

  it('is refused even if its TTL was switched off only on the resource', () => {
    const table = tableWith({});
    (table.node.defaultChild as dynamodb.CfnGlobalTable).timeToLiveSpecification = { enabled: false, attributeName: 'ttl' };
    expect(() => SessionTable.fromTable(table.stack, 'Sessions', table)).toThrow('it has no TTL attribute');
  });
});

describe('a table that is unknown at synthesis', () => {
  it('is not checked if it is imported', () => {
    const stack = frankfurt();
    const sessions = SessionTable.fromTable(stack, 'Sessions', dynamodb.TableV2.fromTableName(stack, 'Imported', 'sessions'));
    sessions.attach(lambdaFunction(stack, 'Chat'));
    expect(environments(stack)).toEqual([{ SESSION_LAMBDA_DYNAMODB_TABLE_NAME: 'sessions' }]);
    expect(statements(stack)).toEqual([{ Action: TABLE_ACTIONS, Effect: 'Allow', Resource: [stack.resolve(sessions.tableArn)] }]);
  });

  it('is not refused for a TTL attribute that is known only at deployment', () => {
    const stack = frankfurt();
    const table = tableWith({ timeToLiveAttribute: new CfnParameter(stack, 'TtlAttribute').valueAsString }, stack);
    expect(SessionTable.fromTable(stack, 'Sessions', table).table).toBe(table);
  });
});
