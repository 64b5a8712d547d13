import { App, Aspects, Mixins, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import * as cr from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { SessionAccess, SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';

/** The logical ids of the functions that know a session table, without the hash. */
function attachedIn(stack: Stack): string[] {
  return Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .filter(([, { Properties }]) => VARIABLE in (Properties.Environment?.Variables ?? {}))
    .map(([logicalId]) => logicalId.slice(0, -8))
    .sort();
}

function functionCount(stack: Stack): number {
  return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function')).length;
}

function stacksIn(app: App): Stack[] {
  return app.node.findAll().filter((construct) => Stack.isStack(construct));
}

/** Everything of aws-cdk-lib that brings its own `lambda.Function` in one way or another. */
function addFunctionsOfCdk(scope: Construct): void {
  const bucket = new s3.Bucket(scope, 'Bucket');
  new s3deploy.BucketDeployment(scope, 'Deployment', { destinationBucket: bucket, sources: [s3deploy.Source.data('index.html', 'hello')] });
  new cr.AwsCustomResource(scope, 'Call', {
    onCreate: { service: 'S3', action: 'ListBuckets', physicalResourceId: cr.PhysicalResourceId.of('call') },
    policy: cr.AwsCustomResourcePolicy.fromSdkCalls({ resources: cr.AwsCustomResourcePolicy.ANY_RESOURCE }),
  });
  new cr.Provider(scope, 'Provider', { onEventHandler: lambda.Function.fromFunctionName(scope, 'Imported', 'imported') });
}

/** Functions that CDK does not mark as its own: a hook that drains the instances of an ECS cluster, and what runs kubectl for an EKS cluster. */
function addUnmarkedFunctionsOfCdk(scope: Construct): void {
  const vpc = new ec2.Vpc(scope, 'Vpc', { restrictDefaultSecurityGroup: false });
  const cluster = new ecs.Cluster(scope, 'Containers', { vpc });
  const autoScalingGroup = new autoscaling.AutoScalingGroup(scope, 'Instances', {
    vpc, instanceType: new ec2.InstanceType('t3.micro'), machineImage: ecs.EcsOptimizedImage.amazonLinux2023(),
  });
  cluster.addAsgCapacityProvider(new ecs.AsgCapacityProvider(scope, 'Capacity', { autoScalingGroup, enableManagedTerminationProtection: false }));
  const kubernetes = new eks.Cluster(scope, 'Kubernetes', {
    vpc, version: eks.KubernetesVersion.V1_32, kubectlProviderOptions: { kubectlLayer: layer(scope) },
  });
  kubernetes.addManifest('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'chat' } });
}

function layer(scope: Construct): lambda.ILayerVersion {
  return lambda.LayerVersion.fromLayerVersionArn(scope, 'Kubectl', 'arn:aws:lambda:eu-central-1:111111111111:layer:kubectl:1');
}

type AttachEverything = (sessions: SessionTable, scope: Construct) => void;

describe.each<[string, AttachEverything]>([
  ['the mixin', (sessions, scope) => Mixins.of(scope).apply(new SessionAccess(sessions))],
  ['attachAll', (sessions, scope) => sessions.attachAll(scope)],
])('%s', (_, attachEverything) => {
  it('attaches the functions below the scope, whatever their depth, and no others', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    const api = new Construct(stack, 'Api');
    lambdaFunction(api, 'Chat');
    lambdaFunction(new Construct(api, 'Admin'), 'Report');
    lambdaFunction(stack, 'Elsewhere');
    attachEverything(sessions, api);
    expect(attachedIn(stack)).toEqual(['ApiAdminReport', 'ApiChat']);
  });

  it('leaves out what CDK makes for itself', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    lambdaFunction(stack, 'Chat');
    addFunctionsOfCdk(stack);
    attachEverything(sessions, stack);
    expect(attachedIn(stack)).toEqual(['Chat']);
    expect(functionCount(stack)).toBe(4);
  });

  it('leaves out what CDK makes for itself without marking it', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
    const sessions = new SessionTable(stack);
    lambdaFunction(stack, 'Chat');
    addUnmarkedFunctionsOfCdk(stack);
    attachEverything(sessions, app);
    expect(stacksIn(app).flatMap(attachedIn)).toEqual(['Chat']);
    expect(stacksIn(app).map(functionCount).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(4);
  });

  it('leaves functions that only read as they are', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    sessions.attachReadOnly(lambdaFunction(stack, 'Report'));
    attachEverything(sessions, stack);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(Properties.PolicyDocument.Statement).toEqual([expect.objectContaining({ Action: 'dynamodb:GetItem' })]);
  });

  it('leaves functions that are attached already as they are', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack, 'Sessions', { functions: [lambdaFunction(stack, 'Chat')] });
    attachEverything(sessions, stack);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(Properties.PolicyDocument.Statement).toHaveLength(1);
  });

  it('reaches nested stacks', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    const nested = new NestedStack(stack, 'Nested');
    lambdaFunction(nested, 'Chat');
    attachEverything(sessions, stack);
    expect(attachedIn(nested)).toEqual(['Chat']);
  });

  it('fails for a function that has another table', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    new SessionTable(stack, 'First', { functions: [lambdaFunction(stack, 'Chat')] });
    const second = new SessionTable(stack, 'Second');
    expect(() => {
      attachEverything(second, stack);
      app.synth();
    }).toThrow(/\[Stack\/Chat\] cannot be attached to the session table 'Stack\/Second\//);
  });
});

describe.each<[string, (sessions: SessionTable, scope: Construct, selects: (fn: lambda.Function) => boolean) => void]>([
  ['the mixin', (sessions, scope, selects) => Mixins.of(scope).apply(new SessionAccess(sessions, { filter: { selects } }))],
  ['attachAll', (sessions, scope, selects) => sessions.attachAll(scope, { filter: { selects } })],
])('%s with a filter', (_, attachSelected) => {
  it('attaches the functions that it selects', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    lambdaFunction(stack, 'Chat');
    lambdaFunction(stack, 'Report', { runtime: lambda.Runtime.PYTHON_3_13, code: lambda.Code.fromInline('…') });
    attachSelected(sessions, stack, (fn) => fn.runtime.family === lambda.RuntimeFamily.NODEJS);
    expect(attachedIn(stack)).toEqual(['Chat']);
  });

  it('is not called for what CDK makes for itself', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    addFunctionsOfCdk(stack);
    const asked: string[] = [];
    attachSelected(sessions, stack, (fn) => asked.push(fn.node.id) > 0);
    expect(attachedIn(stack)).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('functions that are added later', () => {
  it('are not attached by the mixin, which acts immediately', () => {
    const stack = new Stack();
    Mixins.of(stack).apply(new SessionAccess(new SessionTable(stack)));
    lambdaFunction(stack, 'Late');
    expect(attachedIn(stack)).toEqual([]);
  });

  it('are attached by attachAll', () => {
    const stack = new Stack();
    new SessionTable(stack).attachAll(stack);
    lambdaFunction(stack, 'Late');
    expect(attachedIn(stack)).toEqual(['Late']);
  });

  it('are attached by attachAll even if another aspect adds them', () => {
    const stack = new Stack(new App({ context: { '@aws-cdk/core:aspectStabilization': true } }), 'Stack');
    new SessionTable(stack).attachAll(stack);
    const visit = (construct: unknown) => construct === stack && stack.node.tryFindChild('Late') === undefined && lambdaFunction(stack, 'Late');
    Aspects.of(stack).add({ visit });
    expect(attachedIn(stack)).toEqual(['Late']);
  });

  it('may be attached read-only after attachAll was called', () => {
    const stack = new Stack();
    const sessions = new SessionTable(stack);
    sessions.attachAll(stack);
    sessions.attachReadOnly(lambdaFunction(stack, 'Report'));
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(Properties.PolicyDocument.Statement).toEqual([expect.objectContaining({ Action: 'dynamodb:GetItem' })]);
  });

  it('are not attached below a stage inside the scope, which CDK synthesises on its own', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    new SessionTable(stack).attachAll(app);
    const inStage = new Stack(new Stage(app, 'Stage'), 'Stack');
    lambdaFunction(inStage, 'Chat');
    lambdaFunction(stack, 'Chat');
    expect(attachedIn(stack)).toEqual(['Chat']);
    expect(attachedIn(inStage)).toEqual([]);
  });
});

it('knows which constructs it supports', () => {
  const stack = new Stack();
  const sessions = new SessionTable(stack);
  const access = new SessionAccess(sessions);
  expect(access.supports(lambdaFunction(stack, 'Chat'))).toBe(true);
  expect(access.supports(sessions)).toBe(false);
});
