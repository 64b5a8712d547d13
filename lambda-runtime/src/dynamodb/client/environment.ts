import { DynamoDBConfigurationError } from './client-errors.js';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Read for each call: Lambda's credentials change when a sandbox is restored from a snapshot. */
export function credentialsFromEnvironment(): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new DynamoDBConfigurationError(
      `no AWS credentials in the environment: ${accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'} is not set. ` +
      'Where credentials come from elsewhere pass `client`, for instance new DynamoDB({}) from @aws-sdk/client-dynamodb',
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined };
}

export function regionFromEnvironment(): string {
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (!region) {
    throw new DynamoDBConfigurationError(
      'no AWS region in the environment: set AWS_REGION, or pass `client`, for instance new DynamoDB({ region }) from @aws-sdk/client-dynamodb',
    );
  }
  if (!/^[a-z0-9-]+$/i.test(region)) {
    throw new DynamoDBConfigurationError(`AWS_REGION must be the name of a region, as eu-central-1, got "${region}"`);
  }
  return region;
}
