import { detectFormat } from '../../../lambda-runtime/src/events/detect-format.js';
import { trigger } from '../../../lambda-runtime/src/events/trigger.js';
import { MemoryStore, cookieTransport, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import { albEvent, bareEvent, bedrockAgentEvent, httpApiV2Event, lexV2Event, restApiV1Event, sqsEvent, webSocketEvent } from '../../fixtures/events.js';
import { recording } from '../../fixtures/recording-store.js';

/** One of each kind of event in @types/aws-lambda that no HTTP client sends, cut down to what distinguishes it. */
const TRIGGERS: [string, unknown][] = [
  ['S3, SNS, SES, DynamoDB, Kinesis, CodeCommit', { Records: [{ eventSource: 'aws:s3' }] }],
  ['SQS', sqsEvent('group')],
  ['CloudFront', { Records: [{ cf: { request: { headers: { cookie: [{ key: 'Cookie', value: 'a=1' }] } } } }] }],
  ['Kafka', { eventSource: 'aws:kafka', records: {} }],
  ['Firehose', { invocationId: 'i', deliveryStreamArn: 'arn', records: [] }],
  ['EventBridge', { 'version': '0', 'id': 'i', 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'detail': {} }],
  ['CloudWatch Logs', { awslogs: { data: '' } }],
  ['CloudWatch alarms', { source: 'aws.cloudwatch', alarmArn: 'arn', alarmData: {} }],
  ['Cognito', { version: '1', triggerSource: 'PreSignUp_SignUp', request: {}, response: {} }],
  ['AppSync', { arguments: {}, info: { fieldName: 'f' }, request: { headers: { 'session-id': 'x' } } }],
  ['AppSync, a batch', [{ arguments: {}, info: {} }]],
  ['Amplify', { typeName: 'Query', fieldName: 'f', arguments: {} }],
  ['CloudFormation', { RequestType: 'Create', ResponseURL: 'https://s3', ResourceProperties: {} }],
  ['CodePipeline', { 'CodePipeline.job': {} }],
  ['Lex', lexV2Event('u1')],
  ['Bedrock agents', bedrockAgentEvent('s1')],
  ['Connect', { Details: { ContactData: {} }, Name: 'ContactFlowEvent' }],
  ['IoT authorizers', { signatureVerified: true, protocols: ['http'], protocolData: { http: { headers: {} } }, connectionMetadata: { id: 'i' } }],
  ['S3 batch operations', { invocationSchemaVersion: '1.0', invocationId: 'i', job: {}, tasks: [] }],
  ['Secrets Manager', { Step: 'createSecret', SecretId: 's', ClientRequestToken: 't' }],
  ['Transfer Family', { username: 'u', protocol: 'SFTP', serverId: 's', sourceIp: '192.0.2.1' }],
  ['warm-up pings', { source: 'serverless-plugin-warmup' }],
  ['warm-up pings of lambda-warmer', { warmer: true, concurrency: 3 }],
];

const AUTHORIZERS: [string, Record<string, unknown>, unknown][] = [
  ['an HTTP API, payload 2.0', { ...httpApiV2Event({ 'session-id': 'known' }), type: 'REQUEST', routeArn: 'arn' }, { isAuthorized: true }],
  ['an HTTP API, payload 1.0', { ...restApiV1Event({ 'session-id': 'known' }), version: '1.0', type: 'REQUEST', methodArn: 'arn' }, { isAuthorized: true }],
  ['a REST API', { ...restApiV1Event({ 'session-id': 'known' }), type: 'REQUEST', methodArn: 'arn' }, { principalId: 'u', policyDocument: {} }],
];

const PREFLIGHT = { 'origin': 'https://example.com', 'access-control-request-method': 'POST' };
const HEALTH_CHECK = { 'user-agent': 'ELB-HealthChecker/2.0' };
const LISTS = { 'origin': ['https://example.com'], 'access-control-request-method': ['POST'] };
const v2Options = httpApiV2Event(PREFLIGHT);

const PROBES: [string, unknown][] = [
  ['a preflight, HTTP API', { ...v2Options, requestContext: { ...v2Options.requestContext, http: { method: 'OPTIONS', path: '/' } } }],
  ['a preflight, REST API', { ...restApiV1Event(PREFLIGHT), httpMethod: 'OPTIONS' }],
  ['a preflight, ALB with lists', { ...albEvent({ multiValueHeaders: LISTS }), httpMethod: 'OPTIONS' }],
  ['a health check of a load balancer', albEvent({ headers: HEALTH_CHECK })],
  ['a health check of a load balancer, lists', albEvent({ multiValueHeaders: { 'user-agent': ['ELB-HealthChecker/2.0'] } })],
  ['a health check of Route 53', httpApiV2Event({ 'user-agent': 'Amazon-Route53-Health-Check-Service (ref 1; report http://amzn.to/1vsZADi)' })],
];

const run = async (event: unknown, result: unknown, data?: unknown) => {
  const store = recording(new MemoryStore());
  const handler = session(async () => {
    if (data !== undefined) {
      setSessionData(data);
    }
    return result;
  }, { store });
  return { returned: await handler(event), calls: store.calls };
};

describe('events that no HTTP client sent', () => {
  test.each(TRIGGERS)('%s: the result is returned as it is, and a session without data is not stored', async (_, event) => {
    const result = { statusCode: 200, headers: { a: 'b' } };

    expect(detectFormat(event)).toBe(trigger);
    expect(await run(event, result)).toEqual({ returned: result, calls: [] });
    expect((await run(event, result, 'data')).calls).toEqual(['create']);
  });

  test.each(TRIGGERS)('%s: a session whose id the option sessionId finds is stored, as the next event leads to it', async (_, event) => {
    const store = recording(new MemoryStore());
    const handler = session(async () => undefined, { store, sessionId: () => 'id' });
    await handler(event);
    await handler(event);

    expect(store.calls).toEqual(['get', 'create', 'get']);
  });

  test.each(AUTHORIZERS)('the authorizer of %s has the session of the client, and its result is returned as it is', async (_, event, result) => {
    const { returned, calls } = await run(event, result);

    expect(returned).toBe(result);
    expect(calls).toEqual(['get', 'create']);
    expect((await run({ ...event, headers: {} }, result)).calls).toEqual([]);
  });
});

describe('requests of machines that keep no session', () => {
  test.each(PROBES)('%s: a session without data is neither stored nor sent', async (_, event) => {
    const result = { statusCode: 204 };

    expect(await run(event, result)).toEqual({ returned: result, calls: [] });
    expect((await run(event, result, 'data')).calls).toEqual(['create']);
  });
});

test.each<[string, unknown]>([
  ['an OPTIONS request that is no preflight', { ...restApiV1Event(), httpMethod: 'OPTIONS' }],
  ['a POST with a header of preflights', restApiV1Event(PREFLIGHT)],
  ['a browser that names a health check', albEvent({ headers: { 'user-agent': 'Mozilla/5.0 ELB-HealthChecker/2.0' } })],
])('%s has a session as any request has', async (_, event) => {
  expect((await run(event, { statusCode: 200 })).calls).toEqual(['create']);
});

describe('results that cannot carry an id', () => {
  test.each<[string, unknown]>([
    ['of Step Functions', { id: 7, statusCode: 'SHIPPED', headers: ['a', 'b'] }],
    ['a word as status', { id: 7, statusCode: 'SHIPPED' }],
    ['a word as status, and headers', { statusCode: 'SHIPPED', headers: { a: 'b' } }],
    ['a number beyond three digits as status', { statusCode: '20017' }],
    ['a status and a list as headers', { statusCode: 200, headers: ['a', 'b'] }],
    ['a status and a list as multiValueHeaders', { statusCode: 200, multiValueHeaders: ['a', 'b'] }],
    ['headers that are not texts', { headers: { columns: ['a', 'b'] } }],
    ['a text', 'hello'],
    ['nothing', undefined],
  ])('%s: are returned as they are, and a session without data is not stored', async (_, result) => {
    const { returned, calls } = await run(bareEvent(), result);

    expect(returned).toBe(result);
    expect(calls).toEqual([]);
  });

  describe.each<[string, unknown]>([
    ['an HTTP API', httpApiV2Event()], ['a REST API', restApiV1Event()], ['a load balancer', albEvent()], ['a direct invocation', bareEvent()],
    ['a queue', sqsEvent('group')], ['a WebSocket', webSocketEvent('MESSAGE', 'one')],
  ])('that cannot be written as JSON fail before the session is saved: for %s', (_, event) => {
    test.each<[string, unknown]>([
      ['a BigInt', { answer: 5n }], ['a cycle', cycle()], ['a BigInt alone', 5n], ['a BigInt in a list', [5n]],
      ['a BigInt in a response', { statusCode: 200, headers: { a: 5n }, body: 'hello' }], ['a BigInt as body', { statusCode: 200, body: 5n }],
    ])('%s', async (__, result) => {
      const store = recording(new MemoryStore());
      const handler = session(async () => {
        setSessionData('never');
        return result;
      }, { store, sessionId: () => 'id' });

      await expect(handler(event)).rejects.toThrow(TypeError);
      expect(store.calls).toEqual(['get']);
    });
  });
});

describe('results that are not plain objects', () => {
  class Reply {
    readonly statusCode = 201;
    readonly headers = { a: 'b' };
    get secret() { return 'not sent'; }
  }

  test('are sent as Lambda sends them, with the id', async () => {
    const { returned } = await run(restApiV1Event({ 'session-id': 'id' }), new Reply());

    expect(returned).toEqual({ statusCode: 201, headers: { 'a': 'b', 'session-id': 'id', 'cache-control': 'no-store' } });
  });

  test('are sent as their toJSON has it', async () => {
    const { returned } = await run(bareEvent({ 'session-id': 'id' }), { toJSON: () => ({ statusCode: 202 }) });

    expect(returned).toEqual({ statusCode: 202, headers: { 'session-id': 'id' } });
  });

  test('a fetch Response, which Lambda sends as an empty object, is left alone', async () => {
    const response = new Response('hello');

    expect((await run(restApiV1Event(), response)).returned).toBe(response);
  });
});

describe('the handler\'s own cookies', () => {
  const withCookie = async (event: unknown, result: unknown) => {
    const handler = session(async () => {
      setSessionData('known');
      return result;
    }, { store: new MemoryStore(), transport: cookieTransport() });
    return await handler(event) as any;
  };

  test.each<[string, unknown]>([
    ['a list in headers', { statusCode: 200, headers: { 'Set-Cookie': ['a=1', 'b=2'] } }],
    ['a text in multiValueHeaders', { statusCode: 200, headers: { 'Set-Cookie': 'a=1' }, multiValueHeaders: { 'Set-Cookie': 'b=2' } }],
  ])('stay beside the session\'s on a REST API: %s', async (_, result) => {
    const { multiValueHeaders } = await withCookie(restApiV1Event(), result);

    expect(Object.values(multiValueHeaders).flat()).toEqual(expect.arrayContaining(['a=1', 'b=2', expect.stringContaining('__Host-session')]));
  });

  test('stay on an HTTP API: a list in headers, a text as cookies', async () => {
    const { cookies } = await withCookie(httpApiV2Event(), { statusCode: 200, headers: { 'set-cookie': ['a=1', 'b=2'] }, cookies: 'c=3' });

    expect(cookies).toEqual(['c=3', 'a=1', 'b=2', expect.stringContaining('__Host-session')]);
  });
});

function cycle(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}
