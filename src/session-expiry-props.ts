import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * How a function is notified of expired sessions.
 */
export interface SessionExpiryProps {
  /**
   * The queue for what the function has failed to process after `retryAttempts`. A message says where the records are in
   * the stream of the table, not what is in them: read them within 24 hours.
   *
   * @default - none: the records are retried until the stream drops them after 24 hours
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * How often records are retried that the function has reported as failed, or failed on altogether.
   *
   * @default - 10 with a `deadLetterQueue`; without one, until the stream drops the records after 24 hours
   */
  readonly retryAttempts?: number;

  /**
   * The most sessions that one event of the function holds, 1 to 10,000.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * How long to gather sessions for one event, up to 5 minutes.
   *
   * @default Duration.seconds(0)
   */
  readonly maxBatchingWindow?: Duration;
}
