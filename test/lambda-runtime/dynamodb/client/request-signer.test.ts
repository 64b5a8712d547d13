import { createHash, createHmac } from 'node:crypto';
import { describeBothClients } from './both-clients.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';
import { FaultProxy } from '../../../fixtures/fault-proxy.js';
import { useLocalDynamoDB } from '../../../fixtures/use-local-dynamodb.js';

interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string | Buffer;
}

/** The signature that a request should have, from what the server received, by AWS's description of the algorithm. */
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
function expectedSignature({ method, path, headers, body }: ReceivedRequest, secretAccessKey: string): string {
  const [, scope, signedHeaders] = /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+)/.exec(String(headers.authorization))!;
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const canonicalHeaders = signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  const canonicalRequest = [method, path, '', canonicalHeaders, signedHeaders, sha256(body)].join('\n');
  const stringToSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonicalRequest)].join('\n');
  const signingKey = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(signingKey, stringToSign).toString('hex');
}

const signatureOf = (headers: ReceivedRequest['headers']) => /Signature=(\w+)/.exec(String(headers.authorization))![1];
const signedHeadersOf = (headers: ReceivedRequest['headers']) => /SignedHeaders=([^,]+)/.exec(String(headers.authorization))![1].split(';');

const local = useLocalDynamoDB();
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

test('the check agrees with the example that AWS published (get-vanilla)', () => {
  const example = {
    method: 'GET',
    path: '/',
    headers: {
      'host': 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      'authorization': 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=',
    },
    body: '',
  };

  expect(expectedSignature(example, SECRET)).toBe('5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
});

describeBothClients((create) => {
  test.each([undefined, 'IQoJb3JpZ2luX2VjE+/=='])('what arrives is signed as AWS asks, with the session token %s', async (token) => {
    const proxy = await FaultProxy.start(local.endpoint);
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint, AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'eu-central-1' });
    delete process.env.AWS_SESSION_TOKEN;
    if (token !== undefined) process.env.AWS_SESSION_TOKEN = token;
    await create().putItem({ TableName: await local.createTable(), Item: { key: { S: 'Grüße 🌍' } } });
    await proxy.stop();

    const [{ headers, body }] = proxy.seen;
    expect(signatureOf(headers)).toBe(expectedSignature({ method: 'POST', path: '/', headers, body }, SECRET));
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-central-1\/dynamodb\/aws4_request, /);
    expect(headers['x-amz-security-token']).toBe(token);
    expect(signedHeadersOf(headers)).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target', ...token === undefined ? [] : ['x-amz-security-token']]));
  });
});

test('the signature follows the secret key and the region', async () => {
  const proxy = await FaultProxy.start(local.endpoint);
  const table = await local.createTable();
  const client = createLightweightClient();
  const environments = [
    { AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
    { AWS_SECRET_ACCESS_KEY: 'another', AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
    { AWS_SECRET_ACCESS_KEY: 'another', AWS_REGION: 'us-west-2', AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
    { AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint },
  ];
  for (const environment of environments) {
    Object.assign(process.env, environment);
    await client.getItem({ TableName: table, Key: { key: { S: 'nobody' } } });
  }
  await proxy.stop();

  expect(proxy.seen.map(({ headers }) => signatureOf(headers)))
    .toEqual(proxy.seen.map(({ headers, body }, i) => expectedSignature({ method: 'POST', path: '/', headers, body }, environments[i].AWS_SECRET_ACCESS_KEY)));
  expect(proxy.seen.map(({ headers }) => /Credential=\w+\/\d+\/([^/]+)/.exec(String(headers.authorization))![1])).toEqual(environments.map(({ AWS_REGION }) => AWS_REGION));
});

test('the signature follows the date', async () => {
  const proxy = await FaultProxy.start(local.endpoint);
  Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint, AWS_SECRET_ACCESS_KEY: SECRET });
  const table = await local.createTable();
  const client = createLightweightClient();
  try {
    for (const now of ['2026-02-28T23:59:59Z', '2026-03-01T00:00:01Z']) {
      jest.useFakeTimers({ now: new Date(now), doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
      await client.getItem({ TableName: table, Key: { key: { S: 'nobody' } } });
    }
  } finally {
    jest.useRealTimers();
    await proxy.stop();
  }

  expect(proxy.seen.map(({ headers }) => headers['x-amz-date'])).toEqual(['20260228T235959Z', '20260301T000001Z']);
  for (const { headers, body } of proxy.seen) {
    expect(signatureOf(headers)).toBe(expectedSignature({ method: 'POST', path: '/', headers, body }, SECRET));
  }
});
