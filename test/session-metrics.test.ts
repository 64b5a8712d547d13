import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { SessionTable } from '../src';

const stack = new Stack();
const sessions = new SessionTable(stack);
const table = sessions.table as dynamodb.TableV2;
const TABLE_NAME = { TableName: stack.resolve(sessions.tableName) };

const configOf = (metric: cloudwatch.IMetric) => stack.resolve(metric.toMetricConfig());

it('counts the sessions that DynamoDB deleted after their expiry', () => {
  const { namespace, metricName, dimensions, statistic, period } = sessions.metricExpiredSessions();
  expect({ namespace, metricName, dimensions: stack.resolve(dimensions), statistic, minutes: period.toMinutes() })
    .toEqual({ namespace: 'AWS/DynamoDB', metricName: 'TimeToLiveDeletedItemCount', dimensions: TABLE_NAME, statistic: 'Sum', minutes: 5 });
});

it('counts them in another period', () => {
  expect(sessions.metricExpiredSessions({ period: Duration.hours(1) }).period.toHours()).toBe(1);
});

it.each<[string, (source: SessionTable | dynamodb.TableV2) => cloudwatch.IMetric]>([
  ['metric', (source) => source.metric('ReturnedItemCount')],
  ['metricConsumedReadCapacityUnits', (source) => source.metricConsumedReadCapacityUnits()],
  ['metricConsumedWriteCapacityUnits', (source) => source.metricConsumedWriteCapacityUnits({ period: Duration.minutes(1) })],
  ['metricConditionalCheckFailedRequests', (source) => source.metricConditionalCheckFailedRequests()],
  ['metricSuccessfulRequestLatency', (source) => source.metricSuccessfulRequestLatency({ dimensionsMap: { Operation: 'GetItem' } })],
  ['metricThrottledRequestsForOperation', (source) => source.metricThrottledRequestsForOperation('PutItem')],
  ['metricThrottledRequestsForOperations', (source) => source.metricThrottledRequestsForOperations({ operations: [dynamodb.Operation.GET_ITEM] })],
  ['metricSystemErrorsForOperations', (source) => source.metricSystemErrorsForOperations()],
  ['metricUserErrors', (source) => source.metricUserErrors()],
])('%s is that of the table', (_, metricOf) => {
  expect(configOf(metricOf(sessions))).toEqual(configOf(metricOf(table)));
});

it('can be alarmed on', () => {
  sessions.metricConditionalCheckFailedRequests().createAlarm(stack, 'Contention', { threshold: 100, evaluationPeriods: 3 });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ConditionalCheckFailedRequests', Dimensions: [{ Name: 'TableName', Value: TABLE_NAME.TableName }],
  });
});
