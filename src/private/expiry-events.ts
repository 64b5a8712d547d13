import { Token, TokenComparison } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { rawValue } from './raw-value';
import { isGlobalTable, tableResource } from './table-resource';
import type { ISessionTable } from '../i-session-table';
import type { SessionExpiryProps } from '../session-expiry-props';

const RETRIES_WITH_QUEUE = 10;

/** The stream views that contain deleted items. */
const VIEWS_WITH_OLD_IMAGE: unknown[] = [dynamodb.StreamViewType.OLD_IMAGE, dynamodb.StreamViewType.NEW_AND_OLD_IMAGES];

/**
 * Deletions of expired items by DynamoDB itself. When a global table replicates them to other regions, they do not carry this
 * identity there, so each expiry is reported in one region only.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
 */
const EXPIRED = lambda.FilterCriteria.filter({
  eventName: lambda.FilterRule.isEqual('REMOVE'),
  userIdentity: {
    type: lambda.FilterRule.isEqual('Service'),
    principalId: lambda.FilterRule.isEqual('dynamodb.amazonaws.com'),
  },
});

/**
 * Invokes a function with the expired sessions of a table.
 *
 * @throws if the table has no stream with deleted items, or if the function is in another account or region
 */
export function addExpiryEvents(sessions: ISessionTable, fn: lambda.IFunction, props: SessionExpiryProps): void {
  const { deadLetterQueue, retryAttempts = deadLetterQueue && RETRIES_WITH_QUEUE, batchSize = 100, maxBatchingWindow } = props;
  const problem = problemOf(sessions, fn);
  if (problem !== undefined) {
    throw new Error(`[${fn.node.path}] cannot be invoked with the expired sessions of '${sessions.node.path}': ${problem}`);
  }
  fn.addEventSource(new DynamoEventSource(sessions.table, {
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    filters: [EXPIRED],
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    batchSize,
    ...maxBatchingWindow && { maxBatchingWindow },
    ...retryAttempts !== undefined && { retryAttempts },
    ...deadLetterQueue && { onFailure: new SqsDlq(deadLetterQueue) },
  }));
}

/** Switches on a stream with deleted items. It includes new images, which a table with replicas requires, so that replicas can be added later. */
export function addStream(table: dynamodb.TableV2): void {
  const resource = table.node.defaultChild as dynamodb.CfnGlobalTable;
  resource.streamSpecification = { streamViewType: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES };
}

function problemOf({ table, env }: ISessionTable, fn: lambda.IFunction): string | undefined {
  if (isElsewhere(env.region, fn.env.region) || isElsewhere(env.account, fn.env.account)) {
    return `the stream of the table is in aws://${env.account}/${env.region}. Use a function in that account and region`;
  }
  const resource = tableResource(table);
  if (resource === undefined) {
    return table.tableStreamArn === undefined ? 'the table is imported without its stream. Give fromTableAttributes() the tableStreamArn' : undefined;
  }
  const { streamViewType } = rawValue(table, resource.streamSpecification) ?? {};
  const property = isGlobalTable(resource) ? 'dynamoStream' : 'stream';
  return VIEWS_WITH_OLD_IMAGE.includes(streamViewType) ? undefined
    : `the table has no stream that holds what was deleted. Give it ${property}: StreamViewType.NEW_AND_OLD_IMAGES`;
}

function isElsewhere(home: string, other: string): boolean {
  return Token.compareStrings(home, other) === TokenComparison.DIFFERENT;
}
