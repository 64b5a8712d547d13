import { DynamoDBConfigurationError } from './client-errors.js';
import type { EndpointSettings } from './environment.js';
import { rememberingLast } from '../../platform/remembering-last.js';

interface Partition {
  readonly regions: RegExp;
  readonly domain: string;
  readonly dualStackDomain: string;
}

/** AWS's partitions other than `aws`, of which `aws-us-gov` has the domains of `aws`. All have FIPS and dual-stack endpoints. */
const PARTITIONS: readonly Partition[] = [
  { regions: /^(aws-)?cn-/, domain: 'amazonaws.com.cn', dualStackDomain: 'api.amazonwebservices.com.cn' },
  { regions: /^eusc-/, domain: 'amazonaws.eu', dualStackDomain: 'api.amazonwebservices.eu' },
  { regions: /^(us-iso-|aws-iso-global)/, domain: 'c2s.ic.gov', dualStackDomain: 'api.aws.ic.gov' },
  { regions: /^(us-isob|aws-iso-b)-/, domain: 'sc2s.sgov.gov', dualStackDomain: 'api.aws.scloud' },
  { regions: /^(eu-isoe|aws-iso-e)-/, domain: 'cloud.adc-e.uk', dualStackDomain: 'api.cloud-aws.adc-e.uk' },
  { regions: /^(us-isof|aws-iso-f)-/, domain: 'csp.hci.ic.gov', dualStackDomain: 'api.aws.hci.ic.gov' },
];
const GOVERNMENT: Partition = { regions: /^(aws-)?us-gov-/, domain: 'amazonaws.com', dualStackDomain: 'api.aws' };
const COMMERCIAL: Partition = { ...GOVERNMENT, regions: /(?:)/ };

/** The regions outside the commercial partition where an endpoint can name the account. */
const REGIONS_WITH_ACCOUNTS: readonly string[] = ['us-gov-east-1', 'us-gov-west-1', 'cn-north-1', 'cn-northwest-1'];

/** What decides about the endpoint beside the environment's settings. */
export interface EndpointSubject {
  readonly region: string;
  /** The account of the credentials, if they say. */
  readonly accountId?: string;
  /** The name or the ARN of the table. */
  readonly tableName?: string;
}

/**
 * The URL of DynamoDB in a region, by the rules of the AWS SDKs.
 *
 * @see https://github.com/aws/aws-sdk-js-v3/blob/main/codegen/sdk-codegen/aws-models/dynamodb.json (`smithy.rules#endpointRuleSet`)
 * @throws DynamoDBConfigurationError for settings that cannot be had together
 */
export function regionalUrl(subject: EndpointSubject, { useFips, useDualStack, accountIdMode }: EndpointSettings): string {
  const { region } = subject;
  const partition = partitionOf(region);
  const domain = useDualStack ? partition.dualStackDomain : partition.domain;
  if (region === 'local') {
    if (useFips || useDualStack) {
      throw new DynamoDBConfigurationError('the region "local" has neither FIPS nor dual-stack endpoints: unset AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT');
    }
    return 'http://localhost:8000';
  }
  if (useFips) {
    if (accountIdMode === 'required') {
      throw new DynamoDBConfigurationError('AWS_ACCOUNT_ID_ENDPOINT_MODE is "required", but FIPS endpoints cannot name an account: use "preferred"');
    }
    // GovCloud's ordinary endpoints are FIPS endpoints.
    return `https://dynamodb${partition === GOVERNMENT && !useDualStack ? '' : '-fips'}.${region}.${domain}`;
  }
  const accountId = accountIdMode === 'disabled' ? undefined : accountOf(subject, partition, accountIdMode);
  return accountId === undefined ? `https://dynamodb.${region}.${domain}` : `https://${accountId}.ddb.${region}.${domain}`;
}

/** The host name of the region's dual-stack endpoint, which may be asked for by its variable only. */
export function dualStackHost(region: string): string {
  return `dynamodb.${region}.${partitionOf(region).dualStackDomain}`;
}

/** A function has one region. */
const partitionOf = rememberingLast((region: string): Partition =>
  [...PARTITIONS, GOVERNMENT].find(({ regions }) => regions.test(region)) ?? COMMERCIAL);

function accountOf({ region, accountId, tableName }: EndpointSubject, partition: Partition, mode: 'preferred' | 'required'): string | undefined {
  if (partition !== COMMERCIAL && !REGIONS_WITH_ACCOUNTS.includes(region)) {
    return refuseIfRequired(mode, `endpoints in ${region} cannot name an account`);
  }
  const [, , service, arnRegion, arnAccount] = tableName?.startsWith('arn:') ? tableName.split(':') : [];
  const account = service === 'dynamodb' && arnRegion === region && isHostLabel(arnAccount) ? arnAccount : accountId;
  if (account === undefined) {
    return refuseIfRequired(mode, 'neither AWS_ACCOUNT_ID nor an ARN as the table name says which account');
  }
  if (!isHostLabel(account)) {
    throw new DynamoDBConfigurationError(`AWS_ACCOUNT_ID must be the number of an AWS account, got "${account}"`);
  }
  return account;
}

function refuseIfRequired(mode: 'preferred' | 'required', reason: string): undefined {
  if (mode === 'required') {
    throw new DynamoDBConfigurationError(`AWS_ACCOUNT_ID_ENDPOINT_MODE is "required", but ${reason}: use "preferred"`);
  }
}

function isHostLabel(text: string | undefined): boolean {
  return text !== undefined && /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/.test(text);
}
