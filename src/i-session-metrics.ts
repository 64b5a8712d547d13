import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

/**
 * The CloudWatch metrics of a session table: those of `TableV2` under the same names, and one for expired sessions.
 */
export interface ISessionMetrics {
  /**
   * Any metric of DynamoDB for this table.
   *
   * By default a sum over 5 minutes.
   *
   * @param metricName the name of the metric in the namespace `AWS/DynamoDB`
   * @param props statistic, period and so on
   */
  metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many expired sessions DynamoDB has deleted: `TimeToLiveDeletedItemCount`.
   *
   * DynamoDB deletes expired sessions within a few days, not immediately; until then the runtime treats them as if they
   * were already deleted. By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricExpiredSessions(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The read capacity units consumed: 1 for a session of up to 4 KB, with the consistent reads that are the runtime's default.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricConsumedReadCapacityUnits(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The write capacity units consumed: 1 for each KB of a session written.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricConsumedWriteCapacityUnits(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many conditional writes failed because the session was not in the expected state. The runtime relies on such
   * writes, so a few are normal; many mean that many invocations write the same sessions concurrently.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricConditionalCheckFailedRequests(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How long successful requests for one operation took inside DynamoDB, in milliseconds.
   *
   * By default an average over 5 minutes. Fails if the operation is not given.
   *
   * @param props statistic, period and so on; `dimensionsMap` must contain the `Operation`, such as `GetItem`
   */
  metricSuccessfulRequestLatency(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many requests for one operation were throttled.
   *
   * By default a sum over 5 minutes.
   *
   * @param operation the operation, such as `GetItem`
   * @param props statistic, period and so on
   */
  metricThrottledRequestsForOperation(operation: string, props?: cloudwatch.MetricOptions): cloudwatch.IMetric;

  /**
   * How many requests were throttled, summed over operations.
   *
   * By default sums over 5 minutes.
   *
   * @param props statistic, period and so on, and the `operations`, by default all
   */
  metricThrottledRequestsForOperations(props?: dynamodb.OperationsMetricOptions): cloudwatch.IMetric;

  /**
   * How many requests failed inside DynamoDB (HTTP status 500), summed over operations.
   *
   * By default sums over 5 minutes.
   *
   * @param props statistic, period and so on, and the `operations`, by default all
   */
  metricSystemErrorsForOperations(props?: dynamodb.SystemErrorsForOperationsMetricOptions): cloudwatch.IMetric;

  /**
   * How many requests DynamoDB rejected as invalid (HTTP status 400) in the whole account and region: DynamoDB does not
   * report this metric for each table. Failed conditions are not included.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricUserErrors(props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
