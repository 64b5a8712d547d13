import { endpointResolver } from '../../../../lambda-runtime/src/dynamodb/client/endpoint.js';

const VARIABLES = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'] as const;

beforeEach(() => VARIABLES.forEach((variable) => delete process.env[variable]));
afterAll(() => VARIABLES.forEach((variable) => delete process.env[variable]));

// https://docs.aws.amazon.com/general/latest/gr/ddb.html and the partitions of the AWS SDK
test.each([
  ['us-east-1', 'dynamodb.us-east-1.amazonaws.com'],
  ['ap-southeast-7', 'dynamodb.ap-southeast-7.amazonaws.com'],
  ['a-region-of-the-future-1', 'dynamodb.a-region-of-the-future-1.amazonaws.com'],
  ['us-gov-west-1', 'dynamodb.us-gov-west-1.amazonaws.com'],
  ['cn-northwest-1', 'dynamodb.cn-northwest-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'dynamodb.eusc-de-east-1.amazonaws.eu'],
  ['us-iso-east-1', 'dynamodb.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'dynamodb.us-isob-east-1.sc2s.sgov.gov'],
  ['us-isof-south-1', 'dynamodb.us-isof-south-1.csp.hci.ic.gov'],
  ['eu-isoe-west-1', 'dynamodb.eu-isoe-west-1.cloud.adc-e.uk'],
])('the endpoint of %s is https://%s', (region, host) => {
  expect(endpointResolver()(region)).toEqual({ protocol: 'https:', hostname: host, host, port: 443, path: '/' });
});

test.each([
  ['http://127.0.0.1:8000', { protocol: 'http:', hostname: '127.0.0.1', host: '127.0.0.1:8000', port: 8000, path: '/' }],
  ['http://localhost', { protocol: 'http:', hostname: 'localhost', host: 'localhost', port: 80, path: '/' }],
  ['https://vpce-1.example.com:443/', { protocol: 'https:', hostname: 'vpce-1.example.com', host: 'vpce-1.example.com', port: 443, path: '/' }],
  ['https://example.com/dynamodb', { protocol: 'https:', hostname: 'example.com', host: 'example.com', port: 443, path: '/dynamodb/' }],
  ['http://[::1]:8000', { protocol: 'http:', hostname: '::1', host: '[::1]:8000', port: 8000, path: '/' }],
])('AWS_ENDPOINT_URL=%s is used instead', (url, endpoint) => {
  process.env.AWS_ENDPOINT_URL = url;

  expect(endpointResolver()('us-east-1')).toEqual(endpoint);
});

test('AWS_ENDPOINT_URL_DYNAMODB goes before AWS_ENDPOINT_URL', () => {
  process.env.AWS_ENDPOINT_URL = 'http://all.example.com';
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://dynamodb.example.com';

  expect(endpointResolver()('us-east-1').host).toBe('dynamodb.example.com');
});

test('follows the environment and the region when they change', () => {
  const endpointFor = endpointResolver();
  const hosts = [endpointFor('us-east-1').host, endpointFor('eu-west-1').host];
  process.env.AWS_ENDPOINT_URL = 'http://elsewhere.example.com';
  hosts.push(endpointFor('eu-west-1').host);

  expect(hosts).toEqual(['dynamodb.us-east-1.amazonaws.com', 'dynamodb.eu-west-1.amazonaws.com', 'elsewhere.example.com']);
});

describe.each(VARIABLES)('%s', (variable) => {
  test.each(['localhost:8000', 'not a url', 'ftp://example.com', 'http://', 'https://example.com/?a=b', 'https://example.com/#a'])(
    'cannot be %s: the error names variable and value', (value) => {
      process.env[variable] = value;

      expect(() => endpointResolver()('us-east-1')).toThrow(`${variable} must be a URL as https://host or http://host:port, got "${value}"`);
    });

  test('cannot hold a password, which the error does not show', () => {
    process.env[variable] = 'https://someone:the-password@example.com';

    expect(() => endpointResolver()('us-east-1')).toThrow(`${variable} must be a URL`);
    expect(() => endpointResolver()('us-east-1')).not.toThrow('the-password');
  });
});
