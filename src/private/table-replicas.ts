import { Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { tableResource } from './table-resource';
import { resolveToPaths } from './token-identity';

/** The regions, besides its own, of a table that is made in this app; none if the table is imported. */
export function replicaRegionsOf(table: dynamodb.ITableV2): string[] {
  const resource = tableResource(table);
  // Where the region of the stack is not known, CDK refuses replicas.
  if (!dynamodb.CfnGlobalTable.isCfnGlobalTable(resource) || Token.isUnresolved(table.env.region)) {
    return [];
  }
  const replicas: dynamodb.CfnGlobalTable.ReplicaSpecificationProperty[] = resolveToPaths(table, resource.replicas);
  return replicas.map(({ region }) => region).filter((region) => region !== table.env.region);
}

/** The ARNs of the customer managed keys that encrypt these replicas: `TableV2` imports such a key below itself, under this id. */
export function replicaKeyArnsOf(table: dynamodb.ITableV2, regions: string[]): string[] {
  return regions
    .map((region) => table.node.tryFindChild(`ReplicaKey${region}`))
    .filter((key) => key !== undefined)
    .map((key) => (key as kms.Key).keyArn);
}
