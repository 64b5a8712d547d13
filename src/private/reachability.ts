import { Annotations, ResourceEnvironment, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import type { ISessionTable } from '../i-session-table';
import { literalTableName, tableResource } from './table-resource';

/**
 * Checks that a function can reach a session table by its name, as far as accounts and regions are known at synthesis.
 *
 * @throws if the function is in another account, or if the reference would rename (and so replace) the table
 */
export function assertReachable(sessions: ISessionTable, fn: IConstruct, mayBeNamedByCdk: boolean): void {
  const { account: ofTable, region: home } = sessions.env;
  const env = environmentOf(fn);
  if (ofTable === env.account && home === env.region) {
    return;
  }
  const account = Token.compareStrings(ofTable, env.account);
  const region = Token.compareStrings(home, env.region);
  const ownTable = tableResource(sessions.table);
  const refused = () => `[${fn.node.path}] cannot be attached to the session table '${sessions.node.path}'`;
  const where = () => `the table is in ${describe(sessions.env)}, the function in ${describe(env)}`;

  if (account === TokenComparison.DIFFERENT || (account === TokenComparison.ONE_UNRESOLVED && ownTable)) {
    throw new Error(
      `${refused()} across accounts, because its name does not lead to the table there: ${where()}. `
      + 'Make a SessionTable in the function\'s account or, if both are in one account, give both stacks that account in env',
    );
  }
  // CDK gives a name to an unnamed table that another region refers to. To CDK, a known and an unknown region are different regions.
  const renames = ownTable && !mayBeNamedByCdk && literalTableName(ownTable) === undefined && !crossRegionReferences(sessions, fn);
  if (renames && (region === TokenComparison.DIFFERENT || region === TokenComparison.ONE_UNRESOLVED)) {
    throw new Error(
      `${refused()} across regions: ${where()}, and the reference would rename the table, which replaces a deployed table by an empty one. `
      + 'Give the table a tableName, or both stacks the same region in env, or both stacks crossRegionReferences: true',
    );
  }
  if (region === TokenComparison.DIFFERENT && !sessions.replicaRegions.includes(env.region)) {
    Annotations.of(fn).addWarningV2(
      'cdk-session-table:otherRegion',
      `The function is attached to the session table '${sessions.node.path}' across regions: ${where()}. The runtime looks for the table in the `
      + 'function\'s region: make sure that there is a replica, or pass the handler a client for the table\'s region',
    );
  }
}

/** Uses internals of CDK, because there is no public way to find out. Tests fail if a version of CDK does not have them. */
function crossRegionReferences(sessions: ISessionTable, fn: IConstruct): boolean {
  return sessions.table.stack._crossRegionReferences && Stack.of(fn)._crossRegionReferences;
}

function environmentOf(fn: IConstruct): ResourceEnvironment {
  const stack = Stack.of(fn);
  return (fn as { env?: ResourceEnvironment }).env ?? { account: stack.account, region: stack.region };
}

function describe({ account, region }: ResourceEnvironment): string {
  const known = (value: string, unknown: string) => Token.isUnresolved(value) ? unknown : value;
  return `aws://${known(account, 'unknown-account')}/${known(region, 'unknown-region')}`;
}
