import { Lazy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { rawValue } from './raw-value';

type Replica = dynamodb.CfnGlobalTable.ReplicaSpecificationProperty;

/**
 * Switches point-in-time recovery on for a table and its replicas, unless the app or a property injector (a blueprint of an
 * organisation) has set it. As a property of the table, this default would override property injectors.
 */
export function backUpUnlessToldOtherwise(table: dynamodb.TableV2): void {
  const resource = table.node.defaultChild as dynamodb.CfnGlobalTable;
  const replicas = resource.replicas;
  resource.replicas = Lazy.uncachedAny({ produce: () => rawValue(table, replicas).map((replica: Replica) => withBackups(replica)) });
}

function withBackups({ pointInTimeRecoverySpecification = { pointInTimeRecoveryEnabled: true }, ...replica }: Replica): Replica {
  return { ...replica, pointInTimeRecoverySpecification };
}
