import { DynamoDBConfigurationError } from './client-errors.js';
import type { Clock } from './clock.js';
import { ContainerCredentials } from './container-credentials.js';
import type { CredentialsProvider } from './credentials-provider.js';

/**
 * The keys in the environment, read for each call, because Lambda's change when a sandbox is restored from a snapshot; else
 * what the container's endpoint gives.
 */
export function credentialsProvider(clock: Clock): CredentialsProvider {
  let container: ContainerCredentials | undefined;
  return (abortSignal) => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    if (accessKeyId && secretAccessKey) {
      const { AWS_SESSION_TOKEN, AWS_ACCOUNT_ID } = process.env;
      return { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN || undefined, accountId: AWS_ACCOUNT_ID || undefined };
    }
    if (process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
      return (container ??= new ContainerCredentials(clock)).get(abortSignal);
    }
    throw new DynamoDBConfigurationError(
      `no AWS credentials in the environment: ${accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'} is not set. ${adviceForOtherSources()}`,
    );
  };
}

function adviceForOtherSources(): string {
  const { AWS_PROFILE: profile, AWS_WEB_IDENTITY_TOKEN_FILE: webIdentity } = process.env;
  const source = profile ? `The profile "${profile}" is` : webIdentity ? 'Web identity tokens are' : 'Profiles, SSO and other sources are';
  return `${source} not read by the built-in client: pass \`client\`, for instance new DynamoDB({}) from @aws-sdk/client-dynamodb, which reads them`;
}
