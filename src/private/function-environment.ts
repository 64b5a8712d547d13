import { CfnResource, IResolvable, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { rawValue } from './raw-value';
import { isResourceOfType } from './resource-type';

/** The environment variables of a Lambda function, whatever the class of its construct. */
export interface FunctionEnvironment {
  /** The function itself, if several constructs represent it. */
  readonly owner: IConstruct;
  /** Returns the value of a variable as it was set, undefined if there is none. Does not look at any other variable. */
  get(name: string): unknown;
  set(name: string, value: string): void;
}

/** Returns the environment of a construct, undefined if it has none that can be set. */
export function environmentOf(construct: IConstruct): FunctionEnvironment | undefined {
  const { addEnvironment } = construct as Partial<HasAddEnvironment>;
  if (typeof addEnvironment === 'function') {
    const resource = functionResource(construct);
    return {
      owner: resource?.node.scope ?? construct,
      get: (name) => resource && rawValue(resource, rawValue(resource, resource.environment)?.variables)?.[name],
      set: (name, value) => addEnvironment.call(construct, name, value),
    };
  }
  const revisions = construct.node.children.filter((child) => isRevision(child));
  return revisions.length > 0 ? new EnvironmentOfRevisions(construct, revisions) : undefined;
}

/** A web function has its environment in its revision, and no method to add variables. */
class EnvironmentOfRevisions implements FunctionEnvironment {
  constructor(readonly owner: IConstruct, private readonly revisions: RevisionResource[]) {}

  get(name: string): unknown {
    return variablesOf(this.revisions[0])[name];
  }

  set(name: string, value: string): void {
    for (const revision of this.revisions) {
      const environmentVariables = { ...variablesOf(revision), [name]: value };
      revision.serviceConfig = { ...rawValue(revision, revision.serviceConfig), environmentVariables };
    }
  }
}

function variablesOf(revision: RevisionResource): Record<string, unknown> {
  return rawValue(revision, rawValue(revision, revision.serviceConfig)?.environmentVariables) ?? {};
}

interface HasAddEnvironment {
  addEnvironment(name: string, value: string): unknown;
}

interface FunctionResource extends CfnResource {
  readonly environment?: unknown;
}

/** The part of `lambda.CfnWebFunctionRevision` that is used here; the oldest aws-cdk-lib does not have that class. */
interface RevisionResource extends CfnResource {
  serviceConfig: IResolvable | object | undefined;
}

/** The resource below a function, or, for a `SingletonFunction`, elsewhere in its stack. */
function functionResource(construct: IConstruct): FunctionResource | undefined {
  return [construct.node.defaultChild, targetOf((construct as { functionArn?: string }).functionArn)].find(isFunction);
}

function targetOf(arn: string | undefined): IConstruct | undefined {
  const token = arn === undefined ? undefined : Tokenization.reverse(arn, { failConcat: false });
  return Reference.isReference(token) ? token.target : undefined;
}

function isFunction(construct: IConstruct | undefined): construct is FunctionResource {
  return isResourceOfType('AWS::Lambda::Function', construct);
}

function isRevision(construct: IConstruct): construct is RevisionResource {
  return isResourceOfType('AWS::Lambda::WebFunctionRevision', construct);
}
