import { DynamoDBConfigurationError } from './client-errors.js';
import { rememberingLast } from '../../platform/remembering-last.js';

/** A region as the environment names it. */
export interface Region {
  /** The region's own name, which goes into signatures. */
  readonly name: string;
  /** Whether it was named as a FIPS pseudo-region, such as `fips-us-east-1`. */
  readonly isFips: boolean;
}

export function regionFromEnvironment(): Region {
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (!region) {
    throw new DynamoDBConfigurationError(
      'no AWS region in the environment: set AWS_REGION, or pass `client`, for instance new DynamoDB({ region }) from @aws-sdk/client-dynamodb',
    );
  }
  return parseRegion(region);
}

const parseRegion = rememberingLast((region: string): Region => {
  // Not by the flag i, for which V8 loads Unicode's tables: a millisecond of a cold start.
  if (!/^[a-zA-Z0-9-]+$/.test(region)) {
    throw new DynamoDBConfigurationError(`AWS_REGION must be the name of a region such as eu-central-1, got "${region}"`);
  }
  const name = region.replace(/^fips-|-fips$/, '');
  return { name, isFips: name !== region };
});

/** What the environment says about endpoints, in the variables that all AWS SDKs share. */
export interface EndpointSettings {
  readonly useFips: boolean;
  readonly useDualStack: boolean;
  readonly accountIdMode: 'preferred' | 'required' | 'disabled';
  /** Goes before the region's own endpoint. */
  readonly customUrl?: { readonly variable: string; readonly value: string };
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
export function endpointSettingsFromEnvironment(): EndpointSettings {
  return {
    useFips: flag('AWS_USE_FIPS_ENDPOINT'),
    useDualStack: flag('AWS_USE_DUALSTACK_ENDPOINT'),
    accountIdMode: accountIdMode(),
    customUrl: flag('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ? undefined : customUrl('AWS_ENDPOINT_URL_DYNAMODB') ?? customUrl('AWS_ENDPOINT_URL'),
  };
}

/** The SDK for JavaScript ignores what is neither `true` nor `false`; a FIPS endpoint that was asked for must not be missed so easily. */
function flag(variable: string): boolean {
  const value = process.env[variable]?.toLowerCase();
  if (value && value !== 'true' && value !== 'false') {
    throw new DynamoDBConfigurationError(`${variable} must be true or false, got "${process.env[variable]}"`);
  }
  return value === 'true';
}

function accountIdMode(): EndpointSettings['accountIdMode'] {
  const mode = process.env.AWS_ACCOUNT_ID_ENDPOINT_MODE || 'preferred';
  if (mode !== 'preferred' && mode !== 'required' && mode !== 'disabled') {
    throw new DynamoDBConfigurationError(`AWS_ACCOUNT_ID_ENDPOINT_MODE must be preferred, required or disabled, got "${mode}"`);
  }
  return mode;
}

function customUrl(variable: string): EndpointSettings['customUrl'] {
  const value = process.env[variable];
  return value ? { variable, value } : undefined;
}
