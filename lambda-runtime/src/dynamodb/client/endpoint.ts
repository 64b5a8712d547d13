import { DynamoDBConfigurationError } from './client-errors.js';

/** Where DynamoDB is reached, in the parts that a request is made of. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
  /** The value of the `host` header. */
  readonly host: string;
}

/** The domains of AWS's partitions other than `aws` and `aws-us-gov`, by the beginning of the names of their regions. */
const PARTITION_DOMAINS: ReadonlyArray<readonly [regionPrefix: string, domain: string]> = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
];

/** Returns a function that tells the endpoint for a region by the environment of the moment, and parses each only once. */
export function endpointResolver(): (region: string) => Endpoint {
  let latest: { readonly url: string; readonly endpoint: Endpoint } | undefined;
  return (region) => {
    const variable = process.env.AWS_ENDPOINT_URL_DYNAMODB ? 'AWS_ENDPOINT_URL_DYNAMODB' : 'AWS_ENDPOINT_URL';
    const url = process.env[variable] || regionalUrl(region);
    if (latest?.url !== url) {
      latest = { url, endpoint: parseEndpoint(url, variable) };
    }
    return latest.endpoint;
  };
}

function regionalUrl(region: string): string {
  const [, domain] = PARTITION_DOMAINS.find(([prefix]) => region.startsWith(prefix)) ?? [undefined, 'amazonaws.com'];
  return `https://dynamodb.${region}.${domain}`;
}

function parseEndpoint(value: string, variable: string): Endpoint {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const protocol = url?.protocol;
  if (url === undefined || (protocol !== 'http:' && protocol !== 'https:') || url.search || url.hash || url.username) {
    const withoutPassword = value.replace(/\/\/.*@/, '//…@');
    throw new DynamoDBConfigurationError(`${variable} must be a URL as https://host or http://host:port, got "${withoutPassword}"`);
  }
  return {
    protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
    path: url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`,
    host: url.host,
  };
}
