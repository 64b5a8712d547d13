import { Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { rawValue } from './raw-value';
import { isGlobalTable, tableResource } from './table-resource';

/** Returns the regions of the replicas of a table in this app; none if the table is imported. */
export function replicaRegionsOf(table: dynamodb.ITableV2): string[] {
  return isGlobalTable(tableResource(table)) ? replicasOf(table).map(({ region }) => region) : regionsOfOlderTable(table);
}

/** Returns the ARNs of the customer managed keys that encrypt the replicas of a table in this app. */
export function replicaKeyArnsOf(table: dynamodb.ITableV2): string[] {
  return replicasOf(table)
    .map(({ sseSpecification }) => rawValue(table, sseSpecification)?.kmsMasterKeyId)
    .filter((arn) => arn !== undefined);
}

function replicasOf(table: dynamodb.ITableV2): dynamodb.CfnGlobalTable.ReplicaSpecificationProperty[] {
  const resource = tableResource(table);
  // CDK refuses replicas if the region of the stack is unknown.
  if (!isGlobalTable(resource) || Token.isUnresolved(table.env.region)) {
    return [];
  }
  const replicas: unknown[] = rawValue(table, resource.replicas);
  return replicas.map((replica) => rawValue(table, replica)).filter(({ region }) => region !== table.env.region);
}

/** A `Table`, the predecessor of `TableV2`, creates its replicas with a custom resource. */
function regionsOfOlderTable(table: dynamodb.ITableV2): string[] {
  return (table as { regions?: string[] }).regions ?? [];
}
