import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { SessionTableProps } from '../session-table-props';

type TableSettings = Omit<dynamodb.TablePropsV2, 'partitionKey'>;

/**
 * Returns the properties of a session table that its DynamoDB table shares. Properties without a value are left out: an
 * explicit `undefined` would override property injectors (the blueprints of an organisation).
 */
export function tableSettings({ functions, collections, ...settings }: SessionTableProps): TableSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
