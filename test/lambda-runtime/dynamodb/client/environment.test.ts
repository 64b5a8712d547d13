import { behindFaultProxy } from './behind-fault-proxy.js';
import { rejection } from './both-clients.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

const run = behindFaultProxy(createLightweightClient);

afterEach(() => jest.restoreAllMocks());

test('the environment gives the credentials again to each attempt', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'FIRST', AWS_SESSION_TOKEN: 'first-token' });
  await run.count();
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'SECOND', AWS_SESSION_TOKEN: 'second-token' });
  jest.spyOn(Math, 'random').mockReturnValue(1);
  run.proxy.next({ status: 400, error: 'ThrottlingException' });
  const call = run.count();
  await run.requests(2);
  process.env.AWS_ACCESS_KEY_ID = 'THIRD';
  delete process.env.AWS_SESSION_TOKEN;
  await call;

  expect(run.proxy.seen.map(({ headers }) => [/Credential=(\w+)/.exec(headers.authorization!)![1], headers['x-amz-security-token']])).toEqual([
    ['FIRST', 'first-token'],
    ['SECOND', 'second-token'],
    ['THIRD', undefined],
  ]);
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('without %s: the error names it and says to pass a client', async (variable) => {
  delete process.env[variable];

  const error = await rejection(run.count());
  expect(error).toMatchObject({ name: 'DynamoDBConfigurationError', $metadata: { attempts: 0 } });
  expect(error.message).toMatch(new RegExp(`${variable} is not set.*\`client\``));
  expect(run.proxy.seen).toHaveLength(0);
});

test('the environment gives the region by AWS_REGION, else by AWS_DEFAULT_REGION', async () => {
  Object.assign(process.env, { AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'us-west-2' });
  await run.count();
  delete process.env.AWS_REGION;
  await run.count();

  expect(run.proxy.seen.map(({ headers }) => /Credential=\w+\/\d+\/([^/]+)/.exec(headers.authorization!)![1])).toEqual(['eu-central-1', 'us-west-2']);
});

test('without a region: the error names AWS_REGION', async () => {
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;

  expect((await rejection(run.count())).message).toMatch(/AWS_REGION.*`client`/);
});

test('credentials never get into an error', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'THEKEYID', AWS_SECRET_ACCESS_KEY: 'the-secret', AWS_SESSION_TOKEN: 'the-token' });
  run.proxy.next({ status: 400, error: 'AccessDeniedException' });
  const refused = await rejection(run.count());
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:1';
  const unreachable = await rejection(run.count());

  for (const error of [refused, unreachable]) {
    expect(JSON.stringify([error.stack, error, error.cause?.stack, error.cause])).not.toMatch(/THEKEYID|the-secret|the-token/);
  }
});
