import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { TableResource, tableResource } from './table-resource';
import { ATTRIBUTES } from '../shared-with-runtime/table-schema';

/**
 * Checks, as far as it is known at synthesis, that the runtime can keep sessions on a table. A table that is imported is not known.
 *
 * @throws if key, TTL attribute or consistency of the table are not what the runtime relies on
 */
export function assertKeepsSessions(path: string, table: dynamodb.ITableV2): void {
  const resource = tableResource(table);
  // A replica of a table in another account has neither key nor TTL of its own: it takes them from that table.
  const problem = resource && resource.keySchema !== undefined && (keyProblem(resource) ?? ttlProblem(resource) ?? consistencyProblem(resource));
  if (problem) {
    throw new Error(`[${path}] the table '${table.node.path}' cannot hold sessions: ${problem}`);
  }
}

function keyProblem(resource: TableResource): string | undefined {
  const schema: dynamodb.CfnTable.KeySchemaProperty[] = resolved(resource, resource.keySchema);
  const definitions: dynamodb.CfnTable.AttributeDefinitionProperty[] = resolved(resource, resource.attributeDefinitions);
  if (schema.some(({ attributeName }) => isKnownAtDeploymentOnly(attributeName))) {
    return undefined;
  }
  const typeOf = (name: string) => definitions.find(({ attributeName }) => attributeName === name)?.attributeType;
  const key = schema.map(({ attributeName }) => `'${attributeName}' (${typeOf(attributeName)})`).join(' with ');
  const sessionKey = `'${ATTRIBUTES.key}' (${dynamodb.AttributeType.STRING})`;
  return key === sessionKey ? undefined
    : `its key is ${key}, and has to be ${sessionKey}. The key of a table cannot be changed: use another table, or let SessionTable make one`;
}

function ttlProblem(resource: TableResource): string | undefined {
  const { enabled = false, attributeName = undefined } = resolved(resource, resource.timeToLiveSpecification) ?? {};
  const ttl = enabled ? attributeName : undefined;
  if (ttl === ATTRIBUTES.ttl || isKnownAtDeploymentOnly(ttl)) {
    return undefined;
  }
  const found = ttl === undefined ? 'it has no TTL attribute' : `its TTL attribute is '${ttl}', and has to be '${ATTRIBUTES.ttl}'`;
  return `${found}. Give it timeToLiveAttribute: '${ATTRIBUTES.ttl}'`;
}

function consistencyProblem(resource: TableResource): string | undefined {
  return 'multiRegionConsistency' in resource && resource.multiRegionConsistency === dynamodb.MultiRegionConsistency.STRONG
    ? 'it is strongly consistent across regions, and such tables have neither TTL nor transactions. Use multi-region eventual consistency'
    : undefined;
}

function resolved(resource: TableResource, value: unknown): any {
  return Stack.of(resource).resolve(value);
}

/** Whether what should be a string is still, resolved, an intrinsic function of CloudFormation. */
function isKnownAtDeploymentOnly(value: unknown): boolean {
  return typeof value === 'object';
}
