import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { environmentOf, FunctionEnvironment } from './function-environment';
import { isMadeByCdk } from './functions-of-cdk';
import { runsAtEdge } from './lambda-at-edge';

/** A construct that can use sessions: it has a principal to grant permissions to and environment variables to set. */
export type Attachable = IConstruct & iam.IGrantable;

/** Whether to attach a construct when all functions below a scope are attached. */
export function isAttachable(construct: IConstruct): construct is Attachable {
  const environment = hasPrincipal(construct) ? environmentOf(construct) : undefined;
  return environment !== undefined && !isMadeByCdk(environment.owner) && !runsAtEdge(construct);
}

/**
 * Returns the environment of a function to attach to a session table.
 *
 * @throws if the function cannot be attached; the error says what to do instead
 */
export function environmentToAttach(fn: unknown, sessions: IConstruct): FunctionEnvironment {
  if (!Construct.isConstruct(fn)) {
    throw new Error(`[${sessions.node.path}] ${notAFunction(fn)}`);
  }
  const environment = environmentOf(fn);
  const problem = problemOf(fn, environment);
  if (environment === undefined || problem !== undefined) {
    throw new Error(`[${fn.node.path}] cannot be attached to the session table '${sessions.node.path}': ${problem}`);
  }
  return environment;
}

function notAFunction(value: unknown): string {
  return Array.isArray(value)
    ? 'functions are attached as separate arguments, got an array. Spread it: attach(...functions)'
    : `only Lambda functions can be attached, got ${value === null ? 'null' : typeof value}. Check that the function is defined before it is attached`;
}

function problemOf(construct: IConstruct, environment: FunctionEnvironment | undefined): string | undefined {
  if (runsAtEdge(construct)) {
    return 'it runs on Lambda@Edge, where functions have no environment variables. '
      + 'Use grantSession() instead, and pass the table name to initSessionStore() in the handler';
  }
  if (!hasPrincipal(construct)) {
    return 'it has no principal to grant permissions to. Attach the function\'s L2 construct, such as lambda.Function';
  }
  return environment === undefined ? withoutEnvironment(construct) : undefined;
}

function withoutEnvironment(construct: IConstruct): string {
  if ('lambda' in construct) {
    return 'it is an alias or a version, which has the environment variables of its function. Attach the function itself';
  }
  if ('functionArn' in construct || 'webFunctionArn' in construct) {
    return 'it is imported, so its environment variables cannot be set here. '
      + 'Attach it where it is defined, or use grantSession() and set the variables of SessionTable.environment there';
  }
  return 'it has no environment variables that can be set. '
    + 'For anything but Lambda functions, use grantSession() and pass on the variables of SessionTable.environment';
}

function hasPrincipal(construct: IConstruct): construct is Attachable {
  return 'grantPrincipal' in construct;
}
