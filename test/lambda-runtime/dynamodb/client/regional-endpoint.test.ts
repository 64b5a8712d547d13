import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { endpointResolver } from '../../../../lambda-runtime/src/dynamodb/client/endpoint.js';

/** What the SDK resolves, or `undefined` where it refuses. */
function endpointOfSdk(settings: Settings): string | undefined {
  const { region, fips, dualStack, mode, accountId, tableName } = settings;
  try {
    const { url } = sdk.config.endpointProvider({
      Region: region,
      UseFIPS: fips,
      UseDualStack: dualStack,
      AccountIdEndpointMode: mode,
      ...(accountId && { AccountId: accountId }),
      ...(tableName && { ResourceArn: tableName }),
      ...(settings.customUrl && { Endpoint: settings.customUrl }),
    });
    return url.href;
  } catch {
    return undefined;
  }
}

function endpointOfClient({ region, fips, dualStack, mode, accountId, tableName, customUrl }: Settings): string | undefined {
  process.env = {
    AWS_USE_FIPS_ENDPOINT: String(fips),
    AWS_USE_DUALSTACK_ENDPOINT: String(dualStack),
    AWS_ACCOUNT_ID_ENDPOINT_MODE: mode,
    ...(customUrl && { AWS_ENDPOINT_URL: customUrl }),
  };
  try {
    const { protocol, host, path } = endpointResolver()({ region, isFips: false, accountId, tableName });
    return `${protocol}//${host}${path}`;
  } catch (error) {
    if ((error as Error).name !== 'DynamoDBConfigurationError') throw error;
    return undefined;
  }
}

interface Settings {
  readonly region: string;
  readonly fips: boolean;
  readonly dualStack: boolean;
  readonly mode: string;
  readonly accountId?: string;
  readonly tableName?: string;
  readonly customUrl?: string;
}

const environment = process.env;
const sdk = new DynamoDB({ region: 'us-east-1', endpoint: 'http://localhost' });
afterAll(() => {
  process.env = environment;
  sdk.destroy();
});

/** All regions that the SDK knows, those of its pseudo-regions and of the future too. */
const REGIONS = [...regionsOfSdk(), 'us-north-7', 'mx-west-2', 'cn-south-1', 'us-gov-central-1', 'us-iso-north-1', 'eu-isoe-south-1', 'local', 'a-new-one'];
const BOTH = [false, true];

/** Read as text: the module is not exported, and an ES module. */
function regionsOfSdk(): string[] {
  const file = join(dirname(require.resolve('@aws-sdk/core/package.json')), 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
  return [...readFileSync(file, 'utf8').matchAll(/"([a-z0-9-]+)": \{\s*"description"/g)].map(([, region]) => region);
}

function everySetting(region: string): Settings[] {
  return BOTH.flatMap((fips) => BOTH.flatMap((dualStack) => ['preferred', 'required', 'disabled'].flatMap((mode) => [
    {},
    { accountId: '123456789012' },
    { accountId: 'not a number' },
    { tableName: 'sessions' },
    { tableName: `arn:aws:dynamodb:${region}:210987654321:table/sessions` },
    { tableName: 'arn:aws:dynamodb:ap-south-2:210987654321:table/sessions', accountId: '123456789012' },
    { tableName: `arn:aws:s3:${region}:210987654321:table/sessions` },
    { customUrl: 'http://127.0.0.1:8000' },
    { customUrl: `https://dynamodb.${region}.api.aws`, accountId: '123456789012' },
  ].map((more) => ({ region, fips, dualStack, mode, ...more })))));
}

test('knows the regions of the SDK', () => {
  expect(REGIONS).toEqual(expect.arrayContaining(['us-east-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1', 'us-iso-west-1', 'us-isof-east-1', 'eu-isoe-west-1']));
});

test.each(REGIONS)('the endpoint of %s is what the SDK resolves, with every combination of its settings', (region) => {
  const settings = everySetting(region);
  const described = (resolve: (each: Settings) => string | undefined) => settings.map((each) => `${JSON.stringify(each)} -> ${resolve(each)}`);

  expect(described(endpointOfClient)).toEqual(described(endpointOfSdk));
});
