import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { SessionTableProps } from '../session-table-props';

type TableSettings = Omit<dynamodb.TablePropsV2, 'partitionKey'>;

/**
 * The properties of a session table that are those of its DynamoDB table. What was not given is left out: to an injector of
 * properties (a blueprint of an organisation) an explicit `undefined` is a value that somebody chose.
 */
export function tableSettings({ functions, collections, ...settings }: SessionTableProps): TableSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
