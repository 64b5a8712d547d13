import { PhysicalName } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { backUpUnlessToldOtherwise } from './default-backups';
import { assertTableName } from './table-name';
import { tableSettings } from './table-settings';
import type { SessionTableProps } from '../session-table-props';
import { COLLECTION_ATTRIBUTES } from '../shared-with-runtime/table-schema';

/** The second table of a session table, with the same settings and a sort key. */
export function collectionsTable(scope: Construct, { tableName, ...settings }: SessionTableProps): dynamodb.TableV2 {
  const table = new dynamodb.TableV2(scope, 'Collections', {
    partitionKey: { name: COLLECTION_ATTRIBUTES.collection, type: dynamodb.AttributeType.STRING },
    sortKey: { name: COLLECTION_ATTRIBUTES.item, type: dynamodb.AttributeType.STRING },
    timeToLiveAttribute: COLLECTION_ATTRIBUTES.ttl,
    ...tableSettings({ tableName: tableName && nameBeside(scope.node.path, tableName), ...settings }),
  });
  backUpUnlessToldOtherwise(table);
  return table;
}

function nameBeside(path: string, tableName: string): string {
  if (tableName === PhysicalName.GENERATE_IF_NEEDED) {
    return tableName;
  }
  const name = `${tableName}-collections`;
  assertTableName(path, name);
  return name;
}
