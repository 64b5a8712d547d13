import { ResourceEnvironment, Token, TokenComparison } from 'aws-cdk-lib';

/**
 * Checks that a collections table is where its session table is: the runtime looks for both in one region of one account.
 *
 * @throws if accounts or regions are known to differ
 */
export function assertSameEnvironment(path: string, table: ResourceEnvironment, collections: ResourceEnvironment): void {
  const differ = (one: string, other: string) => Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
  if (differ(table.account, collections.account) || differ(table.region, collections.region)) {
    throw new Error(
      `[${path}] the collections table must be in the account and region of the session table: `
      + `it is in aws://${collections.account}/${collections.region}, the session table in aws://${table.account}/${table.region}`,
    );
  }
}
