import { Lazy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { rawValue } from './raw-value';

type Replica = dynamodb.CfnGlobalTable.ReplicaSpecificationProperty;

/**
 * Switches point-in-time recovery on for a table and its replicas, unless somebody has chosen otherwise. As a property of the
 * table it would overrule what an injector of properties (a blueprint of an organisation) chooses.
 */
export function backUpUnlessToldOtherwise(table: dynamodb.TableV2): void {
  const resource = table.node.defaultChild as dynamodb.CfnGlobalTable;
  const replicas = resource.replicas;
  resource.replicas = Lazy.uncachedAny({ produce: () => rawValue(table, replicas).map((replica: Replica) => withBackups(replica)) });
}

function withBackups({ pointInTimeRecoverySpecification = { pointInTimeRecoveryEnabled: true }, ...replica }: Replica): Replica {
  return { ...replica, pointInTimeRecoverySpecification };
}
