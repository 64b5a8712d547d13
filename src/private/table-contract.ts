import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { TableResource, tableResource } from './table-resource';
import { ATTRIBUTES, COLLECTION_ATTRIBUTES } from '../shared-with-runtime/table-schema';

interface Contract {
  readonly purpose: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly ttl: string;
}

const SESSIONS: Contract = { purpose: 'hold sessions', partitionKey: ATTRIBUTES.key, ttl: ATTRIBUTES.ttl };
const COLLECTIONS: Contract = {
  purpose: 'be the collections table', partitionKey: COLLECTION_ATTRIBUTES.collection, sortKey: COLLECTION_ATTRIBUTES.item, ttl: COLLECTION_ATTRIBUTES.ttl,
};

/**
 * Checks, as far as possible at synthesis, that the runtime can store sessions in a table. Imported tables are not checked.
 *
 * @throws if key, TTL attribute or consistency of the table are not what the runtime relies on
 */
export function assertKeepsSessions(path: string, table: dynamodb.ITableV2): void {
  assertKeeps(SESSIONS, path, table);
}

/**
 * Checks the same for a collections table.
 *
 * @throws if key, TTL attribute or consistency of the table are not what the runtime relies on
 */
export function assertKeepsCollections(path: string, table: dynamodb.ITableV2): void {
  assertKeeps(COLLECTIONS, path, table);
}

function assertKeeps(contract: Contract, path: string, table: dynamodb.ITableV2): void {
  const resource = tableResource(table);
  // A replica of a table in another account defines neither key nor TTL: it inherits them from that table.
  if (resource === undefined || resource.keySchema === undefined) {
    return;
  }
  const problem = keyProblem(resource, contract) ?? ttlProblem(resource, contract) ?? consistencyProblem(resource);
  if (problem !== undefined) {
    throw new Error(`[${path}] the table '${table.node.path}' cannot ${contract.purpose}: ${problem}`);
  }
}

function keyProblem(resource: TableResource, { partitionKey, sortKey }: Contract): string | undefined {
  const schema: dynamodb.CfnTable.KeySchemaProperty[] = resolved(resource, resource.keySchema);
  const definitions: dynamodb.CfnTable.AttributeDefinitionProperty[] = resolved(resource, resource.attributeDefinitions);
  if (schema.some(({ attributeName }) => isKnownAtDeploymentOnly(attributeName))) {
    return undefined;
  }
  const typeOf = (name: string) => definitions.find(({ attributeName }) => attributeName === name)?.attributeType;
  const key = schema.map(({ attributeName }) => `'${attributeName}' (${typeOf(attributeName)})`).join(' with ');
  const needed = [partitionKey, sortKey].filter((name) => name !== undefined).map((name) => `'${name}' (${dynamodb.AttributeType.STRING})`).join(' with ');
  return key === needed ? undefined
    : `its key is ${key}, and has to be ${needed}. The key of a table cannot be changed: use another table, or let SessionTable make one`;
}

function ttlProblem(resource: TableResource, contract: Contract): string | undefined {
  const { enabled = false, attributeName = undefined } = resolved(resource, resource.timeToLiveSpecification) ?? {};
  const ttl = enabled ? attributeName : undefined;
  if (ttl === contract.ttl || isKnownAtDeploymentOnly(ttl)) {
    return undefined;
  }
  const found = ttl === undefined ? 'it has no TTL attribute' : `its TTL attribute is '${ttl}', and has to be '${contract.ttl}'`;
  return `${found}. Give it timeToLiveAttribute: '${contract.ttl}'`;
}

function consistencyProblem(resource: TableResource): string | undefined {
  return 'multiRegionConsistency' in resource && resource.multiRegionConsistency === dynamodb.MultiRegionConsistency.STRONG
    ? 'it is strongly consistent across regions, and such tables have neither TTL nor transactions. Use multi-region eventual consistency'
    : undefined;
}

function resolved(resource: TableResource, value: unknown): any {
  return Stack.of(resource).resolve(value);
}

/** Whether a value that should be a string still is, after resolving it, an intrinsic function of CloudFormation. */
function isKnownAtDeploymentOnly(value: unknown): boolean {
  return typeof value === 'object';
}
