import { Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { addLateResources } from './late-resources';

/** The keys that encrypt a table and its replicas. */
export interface TableKeys {
  readonly tableKey: kms.IKey;
  readonly replicaKeyArns: () => string[];
}

/** Grants the use of the keys of a table. */
export function grantOnKeys(grantee: iam.IGrantable, { tableKey, replicaKeyArns }: TableKeys, actions: string[]): iam.Grant {
  const grant = grantOnKey(grantee, tableKey, actions);
  if (isConditional(grant)) {
    const arns = replicaKeyArns();
    return arns.length === 0 ? grant : grant.combine(iam.Grant.addToPrincipal({ grantee, actions, resourceArns: arns }));
  }
  addLateResources(grant, replicaKeyArns);
  return grant;
}

function grantOnKey(grantee: iam.IGrantable, key: kms.IKey, actions: string[]): iam.Grant {
  if (isInAnotherEnvironment(grantee, key)) {
    return grantAcrossEnvironments(grantee, key, actions);
  }
  const grant = key.grant(grantee, ...actions);
  return !grant.success && isAlias(key) ? grantByAlias(grantee, key, actions) : grant;
}

/** Does not use the key's own grants: for a function in another region, they would permit the use of every key. */
function grantAcrossEnvironments(grantee: iam.IGrantable, key: kms.IKey, actions: string[]): iam.Grant {
  if (!isAlias(key)) {
    return iam.Grant.addToPrincipalOrResource({ grantee, actions, resourceArns: [key.keyArn], resource: key, resourceSelfArns: ['*'] });
  }
  return Resource.isOwnedResource(key) ? grantAcrossEnvironments(grantee, key.aliasTargetKey, actions) : grantByAlias(grantee, key, actions);
}

/**
 * Grants the use of the key behind an imported alias. The key is unknown, and IAM does not accept an alias as a resource. The
 * alias' own grants do the same, but only with the feature flag `@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal`;
 * without it they grant nothing.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
function grantByAlias(grantee: iam.IGrantable, alias: kms.IAlias, actions: string[]): iam.Grant {
  return iam.Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [Stack.of(alias).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias.aliasName } },
  });
}

function isAlias(key: kms.IKey): key is kms.IAlias {
  return 'aliasName' in key;
}

function isConditional(grant: iam.Grant): boolean {
  return grant.principalStatements.some(({ conditions }) => Object.keys(conditions).length > 0);
}

/** Decides this in the same way as a key's own grants. */
function isInAnotherEnvironment({ grantPrincipal }: iam.IGrantable, key: kms.IKey): boolean {
  if (!Construct.isConstruct(grantPrincipal) || !Resource.isOwnedResource(grantPrincipal)) {
    return false;
  }
  const [own, theirs] = [Stack.of(key), Stack.of(grantPrincipal)];
  return own.region !== theirs.region || own.account !== theirs.account;
}
