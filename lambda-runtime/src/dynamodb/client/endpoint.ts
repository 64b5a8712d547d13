import { DynamoDBConfigurationError } from './client-errors.js';
import { endpointSettingsFromEnvironment } from './environment.js';
import type { EndpointSettings } from './environment.js';
import { dualStackHost, regionalUrl } from './regional-endpoint.js';
import type { EndpointSubject } from './regional-endpoint.js';
import { rememberingLast } from '../../platform/remembering-last.js';

/** Where a server is reached, in the parts that a request is made of. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
  /** The value of the `host` header. */
  readonly host: string;
}

export interface EndpointRequest extends EndpointSubject {
  /** Whether the region was named as a FIPS pseudo-region. */
  readonly isFips: boolean;
}

/** Returns a function that resolves the endpoint by the environment of the moment; a URL is parsed only once. */
export function endpointResolver(): (request: EndpointRequest) => Endpoint {
  const parse = rememberingLast(parseEndpoint);
  return (request) => {
    const fromEnvironment = endpointSettingsFromEnvironment();
    const settings = request.isFips ? { ...fromEnvironment, useFips: true } : fromEnvironment;
    const { customUrl } = settings;
    if (customUrl !== undefined) {
      refuseWithCustomUrl(customUrl.variable, settings);
    }
    const url = customUrl?.value ?? regionalUrl(request, settings);
    const endpoint = parse(url);
    if (endpoint === undefined) {
      throw new DynamoDBConfigurationError(
        `${customUrl?.variable ?? 'the endpoint'} must be a URL such as https://host or http://host:port, got "${withoutSecrets(url)}"`,
      );
    }
    if (customUrl !== undefined && endpoint.host === dualStackHost(request.region)) {
      throw new DynamoDBConfigurationError(`${customUrl.variable} must not be a dual-stack endpoint: set AWS_USE_DUALSTACK_ENDPOINT=true instead`);
    }
    return endpoint;
  };
}

function refuseWithCustomUrl(variable: string, { useFips, useDualStack }: EndpointSettings): void {
  if (useFips || useDualStack) {
    throw new DynamoDBConfigurationError(
      `${useFips ? 'FIPS' : 'dual-stack'} endpoints cannot be combined with a custom endpoint: unset ${variable}, `
      + 'or set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true',
    );
  }
}

/** The parts of a URL; `undefined` if it is none, or has a part that an endpoint cannot have. */
function parseEndpoint(value: string): Endpoint | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const protocol = url?.protocol;
  if (url === undefined || (protocol !== 'http:' && protocol !== 'https:') || url.search || url.hash || url.username || url.password) {
    return undefined;
  }
  return {
    protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
    path: url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`,
    host: url.host,
  };
}

/** Without what may be a password or a token: before the last @, with or without a scheme, and behind ? or #. */
function withoutSecrets(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*$/s, (query) => `${query[0]}…`);
}
