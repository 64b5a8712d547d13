import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

/**
 * The CloudWatch metrics of a session table: those of `TableV2` under its names, and the one that only tables with expiring items have.
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
   * How many sessions DynamoDB has deleted because they had expired: `TimeToLiveDeletedItemCount`.
   *
   * DynamoDB deletes within a few days of the expiry, not at it; until then the runtime takes an expired session for an
   * absent one. By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricExpiredSessions(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The read capacity units consumed: 1 for a session of up to 4 KB that is read consistently, as the runtime does.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricConsumedReadCapacityUnits(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The write capacity units consumed: 1 for each KB of a session that is written.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricConsumedWriteCapacityUnits(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many writes did not find the session as they expected it. The runtime makes use of such writes, so some are no
   * sign of a fault; many mean that a few sessions are written by many invocations at the same time.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricConditionalCheckFailedRequests(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How long successful requests of one operation took inside DynamoDB, in milliseconds.
   *
   * By default an average over 5 minutes. Fails if the operation is not given.
   *
   * @param props statistic, period and so on; `dimensionsMap` has to name the `Operation`, `GetItem` for one
   */
  metricSuccessfulRequestLatency(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many requests of one operation were throttled.
   *
   * By default a sum over 5 minutes.
   *
   * @param operation the operation, `GetItem` for one
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
   * How many requests DynamoDB refused as wrong (HTTP status 400), in the whole account and region: DynamoDB does not say
   * the tables apart. Failed conditions are not among them.
   *
   * By default a sum over 5 minutes.
   *
   * @param props statistic, period and so on
   */
  metricUserErrors(props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
