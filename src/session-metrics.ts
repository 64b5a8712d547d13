import { Resource, ResourceProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { ISessionMetrics } from './i-session-metrics';

/**
 * A resource with the metrics of a session table.
 */
export abstract class SessionMetrics extends Resource implements ISessionMetrics {
  /**
   * The DynamoDB table itself, for features that this construct does not offer, such as further grants, streams and indexes.
   */
  public abstract readonly table: dynamodb.ITableV2;

  /**
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the environment, if it differs from that of the stack
   */
  constructor(scope: Construct, id: string, props: ResourceProps = {}) {
    super(scope, id, props);
  }

  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metric(metricName, props);
  }

  public metricExpiredSessions(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('TimeToLiveDeletedItemCount', { statistic: cloudwatch.Stats.SUM, ...props });
  }

  public metricConsumedReadCapacityUnits(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metricConsumedReadCapacityUnits(props);
  }

  public metricConsumedWriteCapacityUnits(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metricConsumedWriteCapacityUnits(props);
  }

  public metricConditionalCheckFailedRequests(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metricConditionalCheckFailedRequests(props);
  }

  public metricSuccessfulRequestLatency(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metricSuccessfulRequestLatency(props);
  }

  public metricThrottledRequestsForOperation(operation: string, props?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    const dimensionsMap = { TableName: this.table.tableName, Operation: operation };
    return this.metric('ThrottledRequests', { statistic: cloudwatch.Stats.SUM, ...props, dimensionsMap });
  }

  public metricThrottledRequestsForOperations(props?: dynamodb.OperationsMetricOptions): cloudwatch.IMetric {
    return this.table.metricThrottledRequestsForOperations(props);
  }

  public metricSystemErrorsForOperations(props?: dynamodb.SystemErrorsForOperationsMetricOptions): cloudwatch.IMetric {
    return this.table.metricSystemErrorsForOperations(props);
  }

  public metricUserErrors(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.table.metricUserErrors(props);
  }
}
