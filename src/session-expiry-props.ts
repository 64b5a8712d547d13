import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * How a function is invoked with expired sessions.
 */
export interface SessionExpiryProps {
  /**
   * The queue for records that the function has failed to process after `retryAttempts`. A message contains the position of
   * the records in the table's stream, not the records: read them from there within 24 hours.
   *
   * @default - none: the records are retried until the stream drops them after 24 hours
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * How many times to retry records that the function reported as failed, or for which it threw an error.
   *
   * @default - 10 with a `deadLetterQueue`; without one, until the stream drops the records after 24 hours
   */
  readonly retryAttempts?: number;

  /**
   * The maximum number of sessions in one event, 1 to 10,000.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * How long to collect sessions for one event, up to 5 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly maxBatchingWindow?: Duration;
}
