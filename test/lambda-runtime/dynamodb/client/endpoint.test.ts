import { endpointResolver } from '../../../../lambda-runtime/src/dynamodb/client/endpoint.js';

const VARIABLES = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'] as const;
const environment = process.env;

beforeEach(() => { process.env = {}; });
afterAll(() => { process.env = environment; });

function endpointIn(region: string, endpointFor = endpointResolver()) {
  return endpointFor({ region, isFips: false });
}

test.each([
  ['http://127.0.0.1:8000', { protocol: 'http:', hostname: '127.0.0.1', host: '127.0.0.1:8000', port: 8000, path: '/' }],
  ['http://localhost', { protocol: 'http:', hostname: 'localhost', host: 'localhost', port: 80, path: '/' }],
  ['https://vpce-1.example.com:443/', { protocol: 'https:', hostname: 'vpce-1.example.com', host: 'vpce-1.example.com', port: 443, path: '/' }],
  ['https://example.com/dynamodb', { protocol: 'https:', hostname: 'example.com', host: 'example.com', port: 443, path: '/dynamodb/' }],
  ['http://[::1]:8000', { protocol: 'http:', hostname: '::1', host: '[::1]:8000', port: 8000, path: '/' }],
])('AWS_ENDPOINT_URL=%s is used instead', (url, endpoint) => {
  process.env.AWS_ENDPOINT_URL = url;

  expect(endpointIn('us-east-1')).toEqual(endpoint);
});

test('AWS_ENDPOINT_URL_DYNAMODB goes before AWS_ENDPOINT_URL', () => {
  process.env.AWS_ENDPOINT_URL = 'http://all.example.com';
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://dynamodb.example.com';

  expect(endpointIn('us-east-1').host).toBe('dynamodb.example.com');
});

test('follows the environment and the region when they change', () => {
  const endpointFor = endpointResolver();
  const hosts = [endpointIn('us-east-1', endpointFor).host, endpointIn('eu-west-1', endpointFor).host];
  process.env.AWS_ENDPOINT_URL = 'http://elsewhere.example.com';
  hosts.push(endpointIn('eu-west-1', endpointFor).host);

  expect(hosts).toEqual(['dynamodb.us-east-1.amazonaws.com', 'dynamodb.eu-west-1.amazonaws.com', 'elsewhere.example.com']);
});

describe.each(VARIABLES)('%s', (variable) => {
  test.each(['localhost:8000', 'not a url', 'ftp://example.com', 'http://'])(
    'cannot be %s: the error names variable and value', (value) => {
      process.env[variable] = value;

      expect(() => endpointIn('us-east-1')).toThrow(`${variable} must be a URL such as https://host or http://host:port, got "${value}"`);
    });

  test.each([
    ['https://someone:the-secret@example.com', 'https://…@example.com'],
    ['https://:the-secret@example.com', 'https://…@example.com'],
    ['someone:the-secret@localhost:8000', '…@localhost:8000'],
    ['someone:the-secret@with-an-@-in-it@localhost:8000', '…@localhost:8000'],
    ['someone:the-secret/with?marks#in it@localhost:8000', '…@localhost:8000'],
    ['//someone:the-secret@localhost', '…@localhost'],
    ['ftp://someone:the-secret@localhost', 'ftp://…@localhost'],
    ['someone:first-line\nthe-secret@localhost', '…@localhost'],
    ['https://example.com/?token=the-secret', 'https://example.com/?…'],
    ['https://example.com/#the-secret', 'https://example.com/#…'],
    ['example.com?token=the-secret', 'example.com?…'],
  ])('%s is refused without showing its secret', (value, shown) => {
    process.env[variable] = value;

    expect(() => endpointIn('us-east-1')).toThrow(`${variable} must be a URL such as https://host or http://host:port, got "${shown}"`);
    expect(() => endpointIn('us-east-1')).not.toThrow('the-secret');
  });

  test('is ignored with AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true', () => {
    Object.assign(process.env, { [variable]: 'http://127.0.0.1:8000', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' });

    expect(endpointIn('us-east-1').host).toBe('dynamodb.us-east-1.amazonaws.com');
  });

  test.each([['AWS_USE_FIPS_ENDPOINT', 'FIPS'], ['AWS_USE_DUALSTACK_ENDPOINT', 'dual-stack']])('cannot be combined with %s: the error says what to do', (flag, kind) => {
    Object.assign(process.env, { [variable]: 'http://127.0.0.1:8000', [flag]: 'true' });

    expect(() => endpointIn('us-east-1'))
      .toThrow(`${kind} endpoints cannot be combined with a custom endpoint: unset ${variable}, or set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true`);
  });
});

test.each(['True', 'TRUE'])('AWS_USE_FIPS_ENDPOINT=%s asks for a FIPS endpoint, as in AWS\'s other SDKs', (value) => {
  process.env.AWS_USE_FIPS_ENDPOINT = value;

  expect(endpointIn('us-east-1').host).toBe('dynamodb-fips.us-east-1.amazonaws.com');
});

test.each(['', 'false', 'False'])('AWS_USE_FIPS_ENDPOINT=%p does not', (value) => {
  process.env.AWS_USE_FIPS_ENDPOINT = value;

  expect(endpointIn('us-east-1').host).toBe('dynamodb.us-east-1.amazonaws.com');
});

test.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])('%s=1 is an error rather than ignored', (variable) => {
  process.env[variable] = '1';

  expect(() => endpointIn('us-east-1')).toThrow(`${variable} must be true or false, got "1"`);
});

test('AWS_ACCOUNT_ID_ENDPOINT_MODE must be a mode', () => {
  process.env.AWS_ACCOUNT_ID_ENDPOINT_MODE = 'always';

  expect(() => endpointIn('us-east-1')).toThrow('AWS_ACCOUNT_ID_ENDPOINT_MODE must be preferred, required or disabled, got "always"');
});
