import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { SessionTable, SessionTableProps } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { statements, tableResource } from './fixtures/synthesised';

const FRANKFURT = { account: '111111111111', region: 'eu-central-1' };
const TABLE_ARN = 'arn:aws:dynamodb:eu-central-1:111111111111:table/sessions';
const STREAM = 'AWS::Lambda::EventSourceMapping';
const FIT_FOR_SESSIONS = { partitionKey: { name: 'key', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'ttl' };

const frankfurt = () => new Stack(new App(), 'Stack', { env: FRANKFURT });

function stackWithTable(props: SessionTableProps = {}, stack = frankfurt()): { stack: Stack; sessions: SessionTable } {
  return { stack, sessions: new SessionTable(stack, 'Sessions', props) };
}

function eventSource(stack: Stack): Record<string, any> {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(STREAM));
  return Properties;
}

describe('a function for expired sessions', () => {
  it('is invoked with what DynamoDB itself has deleted after its expiry, and says which sessions it has failed on', () => {
    const { stack, sessions } = stackWithTable();
    sessions.onExpired(lambdaFunction(stack, 'Expired'));
    const { FunctionName, FilterCriteria: { Filters: [{ Pattern }, ...others] }, ...rest } = eventSource(stack);
    expect(others).toEqual([]);
    expect(JSON.parse(Pattern)).toEqual({ eventName: ['REMOVE'], userIdentity: { type: ['Service'], principalId: ['dynamodb.amazonaws.com'] } });
    expect(rest).toEqual({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Sessions/), 'StreamArn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      StartingPosition: 'TRIM_HORIZON',
    });
  });

  it('needs a stream of old images, which the table then has', () => {
    const { stack, sessions } = stackWithTable();
    expect(tableResource(stackWithTable().stack).Properties).not.toHaveProperty('StreamSpecification');
    sessions.onExpired(lambdaFunction(stack, 'Expired'));
    expect(tableResource(stack).Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  it('leaves the stream of a table with replicas as it is', () => {
    const { stack, sessions } = stackWithTable({ replicas: [{ region: 'eu-west-1' }] });
    sessions.onExpired(lambdaFunction(stack, 'Expired'));
    expect(tableResource(stack).Properties).toEqual(tableResource(stackWithTable({ replicas: [{ region: 'eu-west-1' }] }).stack).Properties);
  });

  it('is permitted to read the stream, and not the table', () => {
    const { stack, sessions } = stackWithTable();
    sessions.onExpired(lambdaFunction(stack, 'Expired'));
    const actions = statements(stack).flatMap(({ Action }) => Action);
    expect(actions).toEqual(['dynamodb:ListStreams', 'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']);
  });

  it.each<[string, (stack: Stack) => kms.IKey, any]>([
    ['a key', (stack) => new kms.Key(stack, 'Key'), { Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } }],
    ['an imported alias', (stack) => kms.Alias.fromAliasName(stack, 'Alias', 'alias/sessions'), {
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/sessions' } },
    }],
  ])('is permitted to decrypt the stream with %s', (_, keyOf, expected) => {
    const stack = frankfurt();
    const { sessions } = stackWithTable({ encryption: dynamodb.TableEncryptionV2.customerManagedKey(keyOf(stack)) }, stack);
    sessions.onExpired(lambdaFunction(stack, 'Expired'));
    expect(statements(stack).filter(({ Action }) => Action.includes('kms:Decrypt'))).toEqual([
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:DescribeKey'], Effect: 'Allow', ...expected }),
    ]);
  });

  it('may have a dead-letter queue, which gets what has failed eleven times', () => {
    const { stack, sessions } = stackWithTable();
    const deadLetterQueue = new sqs.Queue(stack, 'Failed');
    sessions.onExpired(lambdaFunction(stack, 'Expired'), { deadLetterQueue });
    expect(eventSource(stack)).toMatchObject({
      MaximumRetryAttempts: 10, DestinationConfig: { OnFailure: { Destination: stack.resolve(deadLetterQueue.queueArn) } },
    });
    expect(statements(stack)).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['sqs:SendMessage']) }));
  });

  it('may have other batches and retries', () => {
    const { stack, sessions } = stackWithTable();
    sessions.onExpired(lambdaFunction(stack, 'Expired'), { batchSize: 5, maxBatchingWindow: Duration.minutes(1), retryAttempts: 2 });
    expect(eventSource(stack)).toMatchObject({ BatchSize: 5, MaximumBatchingWindowInSeconds: 60, MaximumRetryAttempts: 2 });
  });

  it('may use sessions, too', () => {
    const { stack, sessions } = stackWithTable({ collections: true });
    const fn = lambdaFunction(stack, 'Expired');
    sessions.onExpired(fn);
    sessions.attach(fn);
    expect(Object.keys(Template.fromStack(stack).findResources(STREAM))).toHaveLength(1);
  });

  it('is refused in another region, where the stream is not', () => {
    const { stack, sessions } = stackWithTable({ tableName: 'sessions' });
    const dublin = new Stack(stack.node.root as App, 'Dublin', { env: { ...FRANKFURT, region: 'eu-west-1' } });
    expect(() => sessions.onExpired(lambdaFunction(dublin, 'Expired'))).toThrow(
      "[Dublin/Expired] cannot be invoked with the expired sessions of 'Stack/Sessions': the stream of the table is in aws://111111111111/eu-central-1. "
      + 'Use a function in that account and region',
    );
  });
});

describe('a function for the expired sessions of a table that others have made', () => {
  it('reads the stream of a wrapped table', () => {
    const stack = frankfurt();
    const table = new dynamodb.TableV2(stack, 'Own', { ...FIT_FOR_SESSIONS, dynamoStream: dynamodb.StreamViewType.OLD_IMAGE });
    SessionTable.fromTable(stack, 'Sessions', table).onExpired(lambdaFunction(stack, 'Expired'));
    expect(eventSource(stack).EventSourceArn).toEqual(stack.resolve(table.tableStreamArn));
  });

  it('reads the stream of a Table, the predecessor of TableV2', () => {
    const stack = frankfurt();
    const table = new dynamodb.Table(stack, 'Own', { ...FIT_FOR_SESSIONS, stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES });
    SessionTable.fromTable(stack, 'Sessions', table).onExpired(lambdaFunction(stack, 'Expired'));
    expect(eventSource(stack).EventSourceArn).toEqual(stack.resolve(table.tableStreamArn));
  });

  it('reads the stream of an imported table', () => {
    const stack = frankfurt();
    const tableStreamArn = `${TABLE_ARN}/stream/2026-11-26T00:00:00.000`;
    SessionTable.fromTableAttributes(stack, 'Sessions', { tableArn: TABLE_ARN, tableStreamArn }).onExpired(lambdaFunction(stack, 'Expired'));
    expect(eventSource(stack).EventSourceArn).toBe(tableStreamArn);
  });

  it.each<[string, (stack: Stack) => SessionTable | any, string]>([
    ['is wrapped, without a stream', (stack) => SessionTable.fromTable(stack, 'Sessions', new dynamodb.TableV2(stack, 'Own', FIT_FOR_SESSIONS)), 'Give it dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES'],
    ['is wrapped, with a stream of keys', (stack) => SessionTable.fromTable(stack, 'Sessions', new dynamodb.TableV2(stack, 'Own', { ...FIT_FOR_SESSIONS, dynamoStream: dynamodb.StreamViewType.KEYS_ONLY })), 'no stream that holds what was deleted'],
    ['is a Table, without a stream', (stack) => SessionTable.fromTable(stack, 'Sessions', new dynamodb.Table(stack, 'Own', FIT_FOR_SESSIONS)), 'Give it stream: StreamViewType.NEW_AND_OLD_IMAGES'],
    ['is imported without its stream', (stack) => SessionTable.fromTableArn(stack, 'Sessions', TABLE_ARN), 'Give fromTableAttributes() the tableStreamArn'],
  ])('is refused if the table %s', (_, make, why) => {
    const stack = frankfurt();
    const sessions = make(stack);
    expect(() => sessions.onExpired(lambdaFunction(stack, 'Expired'))).toThrow(why);
  });
});
