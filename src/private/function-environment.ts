import * as lambda from 'aws-cdk-lib/aws-lambda';
import { identityOf, resolveToPaths } from './token-identity';
import { READ_ONLY_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../shared-with-runtime/table-schema';

/** The identities of what a function's environment says about its sessions; undefined where it says nothing. */
export interface SessionEnvironment {
  readonly tableName?: string;
  readonly readOnly?: string;
}

export function sessionEnvironment(fn: lambda.Function): SessionEnvironment {
  const { environment } = fn.node.defaultChild as lambda.CfnFunction;
  const variables = resolveToPaths(fn, environment)?.variables ?? {};
  const identity = (name: string) => variables[name] === undefined ? undefined : identityOf(fn, variables[name]);
  return { tableName: identity(TABLE_NAME_ENVIRONMENT_VARIABLE), readOnly: identity(READ_ONLY_ENVIRONMENT_VARIABLE) };
}

/** Whether a function may only read the sessions of this table. */
export function isReadOnly(fn: lambda.Function, tableName: string): boolean {
  const held = sessionEnvironment(fn);
  return held.readOnly !== undefined && held.tableName === identityOf(fn, tableName);
}
