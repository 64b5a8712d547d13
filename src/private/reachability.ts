import { Annotations, ResourceEnvironment, Token, TokenComparison } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ISessionTable } from '../i-session-table';
import { tableResource } from './table-resource';

/**
 * Checks that a function can reach a session table by its name, as far as accounts and regions are known at synthesis.
 *
 * @throws if the function is in another account, or if the reference would rename (and so replace) the table
 */
export function assertReachable(sessions: ISessionTable, fn: lambda.Function): void {
  if (sessions.env.account === fn.env.account && sessions.env.region === fn.env.region) {
    return;
  }
  const account = Token.compareStrings(sessions.env.account, fn.env.account);
  const region = Token.compareStrings(sessions.env.region, fn.env.region);
  const ownTable = tableResource(sessions.table);
  const refused = () => `[${fn.node.path}] cannot be attached to the session table '${sessions.node.path}'`;
  const where = () => `the table is in ${describe(sessions.env)}, the function in ${describe(fn.env)}`;

  if (account === TokenComparison.DIFFERENT || (account === TokenComparison.ONE_UNRESOLVED && ownTable)) {
    throw new Error(
      `${refused()} across accounts, where its name leads to no table: ${where()}. `
      + 'Make a SessionTable in the function\'s account, or, if both are in one account, give both stacks that account in env',
    );
  }
  // An unnamed table that another region refers to is given a name by CDK. A region that is known and one that is not are different ones to CDK.
  const renames = ownTable && Token.isUnresolved(ownTable.tableName) && !crossRegionReferences(sessions, fn);
  if (renames && (region === TokenComparison.DIFFERENT || region === TokenComparison.ONE_UNRESOLVED)) {
    throw new Error(
      `${refused()} across regions: ${where()}, and the reference would rename the table, that is: replace a deployed one by an empty one. `
      + 'Give the table a tableName, or both stacks the same region in env, or both stacks crossRegionReferences: true',
    );
  }
  if (region === TokenComparison.DIFFERENT && !sessions.replicaRegions.includes(fn.env.region)) {
    Annotations.of(fn).addWarningV2(
      'cdk-session-table:otherRegion',
      `The function is attached to the session table '${sessions.node.path}' across regions: ${where()}. The runtime looks for the table in the `
      + 'function\'s region: make sure that there is a replica, or pass the handler a client for the table\'s region',
    );
  }
}

function crossRegionReferences(sessions: ISessionTable, fn: lambda.Function): boolean {
  return sessions.table.stack._crossRegionReferences && fn.stack._crossRegionReferences;
}

function describe({ account, region }: ResourceEnvironment): string {
  const known = (value: string, unknown: string) => Token.isUnresolved(value) ? unknown : value;
  return `aws://${known(account, 'unknown-account')}/${known(region, 'unknown-region')}`;
}
