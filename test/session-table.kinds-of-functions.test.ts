import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { version } from 'aws-cdk-lib/package.json';
import { Construct } from 'constructs';
import { SessionTable } from '../src';
import { lambdaFunction } from './fixtures/lambda-function';
import { environments, statements } from './fixtures/synthesised';
import { TABLE_ACTIONS, TABLE_READ_ACTIONS } from '../src/private/runtime-permissions';

const VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';
const VIRGINIA = { account: '111111111111', region: 'us-east-1' };
const CODE = { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};') };

function stackWithTable(): { stack: Stack; sessions: SessionTable } {
  const stack = new Stack(new App(), 'Stack', { env: VIRGINIA });
  return { stack, sessions: new SessionTable(stack, 'Sessions') };
}

const tableName = (sessions: SessionTable) => sessions.stack.resolve(sessions.tableName);

describe('a singleton function', () => {
  const singleton = (scope: Construct, id: string, uuid = 'chat') => new lambda.SingletonFunction(scope, id, { ...CODE, uuid });

  it('is attached', () => {
    const { stack, sessions } = stackWithTable();
    sessions.attach(singleton(stack, 'Chat'));
    expect(environments(stack)).toEqual([{ [VARIABLE]: tableName(sessions) }]);
    expect(statements(stack)).toEqual([expect.objectContaining({ Action: TABLE_ACTIONS })]);
  });

  it('is one function, whichever construct stands for it', () => {
    const { stack, sessions } = stackWithTable();
    sessions.attach(singleton(stack, 'Chat'));
    expect(() => sessions.attachReadOnly(singleton(stack, 'ChatAgain'))).toThrow('attached to write already');
    expect(() => new SessionTable(stack, 'Other').attach(singleton(stack, 'ChatOnceMore'))).toThrow("already names 'Stack/Sessions/Resource/Resource'");
  });

  it('is attached by attachAll, although its function is outside of the scope', () => {
    const { stack, sessions } = stackWithTable();
    const api = new Construct(stack, 'Api');
    singleton(api, 'Chat');
    sessions.attachAll(api);
    expect(environments(stack)).toEqual([{ [VARIABLE]: tableName(sessions) }]);
  });
});

/** `lambda.WebFunction`, which the oldest aws-cdk-lib does not have. */
const { WebFunction, WebFunctionCode, WebFunctionRuntime, WebFunctionAuthType } = lambda as any;
const aboutWebFunctions = WebFunction ? '' : ` (skipped: aws-cdk-lib ${version} has no lambda.WebFunction)`;
const testWebFunction = WebFunction ? it : it.skip;

describe('a web function', () => {
  function webFunction(stack: Stack, id: string, environment?: Record<string, string>): any {
    return new WebFunction(stack, id, {
      code: WebFunctionCode.fromBucket(s3.Bucket.fromBucketName(stack, `${id}Code`, 'code'), 'chat.zip'),
      runtime: WebFunctionRuntime.NODEJS_24_X,
      defaultEndpointAuth: WebFunctionAuthType.IAM_AUTH,
      environment,
    });
  }

  const variablesOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::WebFunctionRevision'))
    .map(({ Properties }) => Properties.ServiceConfig.EnvironmentVariables);

  testWebFunction(`is attached, and keeps its other variables${aboutWebFunctions}`, () => {
    const { stack, sessions } = stackWithTable();
    sessions.attach(webFunction(stack, 'Chat', { LOG_LEVEL: 'debug' }), webFunction(stack, 'Plain'));
    const name = { [VARIABLE]: tableName(sessions) };
    expect(variablesOf(stack)).toEqual([{ LOG_LEVEL: 'debug', ...name }, name]);
    expect(statements(stack)).toEqual(Array(2).fill(expect.objectContaining({ Action: TABLE_ACTIONS })));
  });

  testWebFunction(`is attached read-only${aboutWebFunctions}`, () => {
    const { stack, sessions } = stackWithTable();
    const chat = webFunction(stack, 'Chat');
    sessions.attachReadOnly(chat);
    expect(variablesOf(stack)).toEqual([{ [VARIABLE]: tableName(sessions), SESSION_LAMBDA_READ_ONLY: '1' }]);
    expect(statements(stack)).toEqual([expect.objectContaining({ Action: TABLE_READ_ACTIONS[0] })]);
    expect(() => sessions.attach(chat)).toThrow('Use either attach() or attachReadOnly()');
  });

  testWebFunction(`has one session table${aboutWebFunctions}`, () => {
    const { stack, sessions } = stackWithTable();
    const chat = webFunction(stack, 'Chat', { [VARIABLE]: 'my-own-table' });
    expect(() => sessions.attach(chat)).toThrow("already names 'my-own-table'");
  });

  testWebFunction(`is attached by attachAll${aboutWebFunctions}`, () => {
    const { stack, sessions } = stackWithTable();
    webFunction(stack, 'Chat');
    sessions.attachAll(stack);
    expect(variablesOf(stack)).toEqual([{ [VARIABLE]: tableName(sessions) }]);
  });

  testWebFunction(`is refused if it is imported${aboutWebFunctions}`, () => {
    const { stack, sessions } = stackWithTable();
    const imported = WebFunction.fromWebFunctionArn(stack, 'Chat', 'arn:aws:lambda:us-east-1:111111111111:web-function/chat');
    expect(() => sessions.attach(imported)).toThrow('it is imported');
  });
});

describe('a class of the app\'s own', () => {
  class Service extends Construct implements iam.IGrantable {
    public readonly fn = lambdaFunction(this, 'Function');
    public readonly grantPrincipal = this.fn.grantPrincipal;
    public addEnvironment(name: string, value: string): void {
      this.fn.addEnvironment(name, value);
    }
  }

  it('is attached if it has an environment and a principal', () => {
    const { stack, sessions } = stackWithTable();
    sessions.attach(new Service(stack, 'Service'));
    expect(environments(stack)).toEqual([{ [VARIABLE]: tableName(sessions) }]);
    expect(statements(stack)).toHaveLength(1);
  });
});

describe('what cannot be attached is refused, saying what to do', () => {
  it.each<[string, (stack: Stack) => any, string]>([
    ['an alias', (stack) => lambdaFunction(stack, 'Chat').addAlias('live'), 'is an alias or a version, which has the environment variables of its function. Attach the function itself'],
    ['a version', (stack) => lambdaFunction(stack, 'Chat').currentVersion, 'Attach the function itself'],
    ['a function imported by its ARN', (stack) => lambda.Function.fromFunctionArn(stack, 'Chat', 'arn:aws:lambda:us-east-1:111111111111:function:chat'), 'it is imported, so its environment variables cannot be set here. Attach it where it is defined'],
    ['a function imported by its name', (stack) => lambda.Function.fromFunctionName(stack, 'Chat', 'chat'), 'it is imported'],
    ['a function at the edge', (stack) => new cloudfront.experimental.EdgeFunction(stack, 'Chat', CODE), 'it runs on Lambda@Edge, where functions have no environment variables. Use grantSession() instead'],
    ['the L1 construct', (stack) => lambdaFunction(stack, 'Chat').node.defaultChild, 'it has no principal to grant permissions to. Attach the function\'s L2 construct'],
    ['a role', (stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), 'it has no environment variables that can be set. For anything but Lambda functions, use grantSession()'],
    ['an array', (stack) => [lambdaFunction(stack, 'Chat')], 'got an array. Spread it: attach(...functions)'],
    ['undefined', () => undefined, 'only Lambda functions can be attached, got undefined'],
    ['null', () => null, 'got null'],
    ['a principal that is no construct', () => new iam.AccountRootPrincipal(), 'only Lambda functions can be attached, got object'],
  ])('%s', (_, make, why) => {
    const { stack, sessions } = stackWithTable();
    const refused = make(stack);
    expect(() => sessions.attach(refused)).toThrow(why);
    expect(() => sessions.attachReadOnly(refused)).toThrow(/^\[Stack\/.*/);
    expect(statements(stack)).toEqual([]);
  });

  it.each<[string, (stack: Stack) => void]>([
    ['aliases and versions', (stack) => lambdaFunction(stack, 'Aliased').addAlias('live')],
    ['imported functions', (stack) => lambda.Function.fromFunctionName(stack, 'Imported', 'imported')],
  ])('attachAll passes over %s', (_, add) => {
    const { stack, sessions } = stackWithTable();
    add(stack);
    sessions.attachAll(stack);
    environments(stack).forEach((variables) => expect(variables).toEqual({ [VARIABLE]: tableName(sessions) }));
  });
});

describe('functions on Lambda@Edge, whose environment has to be empty', () => {
  function distribute(stack: Stack, functionVersion: lambda.IVersion): void {
    new cloudfront.Distribution(stack, 'Site', {
      defaultBehavior: {
        origin: new origins.HttpOrigin('example.com'),
        edgeLambdas: [{ functionVersion, eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST }],
      },
    });
  }

  it.each(['us-east-1', 'eu-central-1'])('are left out by attachAll: an EdgeFunction in a stack in %s', (region) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { ...VIRGINIA, region } });
    const edge = new cloudfront.experimental.EdgeFunction(stack, 'Edge', CODE);
    distribute(stack, edge.currentVersion);
    const chat = lambdaFunction(stack, 'Chat');
    new SessionTable(stack, 'Sessions', { tableName: 'sessions' }).attachAll(app);
    app.synth();
    expect(JSON.stringify(environments(edge.lambda.stack).filter((variables) => variables === undefined))).toBe('[null]');
    expect(Object.keys(stack.resolve((chat.node.defaultChild as lambda.CfnFunction).environment).variables)).toEqual([VARIABLE]);
  });

  it('are left out by attachAll: an ordinary function that a distribution uses', () => {
    const { stack, sessions } = stackWithTable();
    distribute(stack, lambdaFunction(stack, 'Edge').currentVersion);
    sessions.attachAll(stack);
    expect(environments(stack)).toEqual([undefined]);
  });
});
