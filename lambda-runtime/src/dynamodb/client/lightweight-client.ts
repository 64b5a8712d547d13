import type { Socket } from 'node:net';
import { readAnswer, responseMetadata } from './answer.js';
import type { Answer } from './answer.js';
import { DynamoDBClientError, DynamoDBServiceError } from './client-errors.js';
import type { CallMetadata } from './client-errors.js';
import { Clock } from './clock.js';
import { ConnectionPool } from './connection-pool.js';
import type { Credentials, CredentialsProvider } from './credentials-provider.js';
import { credentialsProvider } from './credentials.js';
import type { CollectionsClient, DynamoDBCallOptions } from './dynamodb-client.js';
import { endpointResolver } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { regionFromEnvironment } from './environment.js';
import type { ExchangeLimits, HttpResponse } from './http-exchange.js';
import { rehearse } from './rehearsal.js';
import { requestSigner } from './request-signer.js';
import type { Headers } from './request-signer.js';
import { isClockError, withRetries } from './retry.js';
import { stringifyInput } from '../values/binary.js';

type Output = Answer & { readonly $metadata: CallMetadata };

/**
 * For how long an attempt may hear nothing, by the number of retries before it. DynamoDB answers in milliseconds, so after
 * a second the connection is rather dead than slow, and a function with Lambda's default time-out of 3 s gets a second try.
 * It doubles for the case that it was slow.
 */
const silenceLimitMs = (retries: number) => 1000 * 2 ** retries;

/** The built-in client, which can be warmed up before its first call. */
export interface LightweightClient extends CollectionsClient {
  /**
   * Opens a connection in the background, for the first call to find. What fails is not reported, and does not fail a call.
   *
   * @throws DynamoDBConfigurationError if the environment does not say where to
   */
  connect(): Socket;

  /**
   * A client whose calls take every step of this one's but the network: the first goes as far as a connection in memory, and each
   * is answered with the given text. It shares the signing key of this one.
   *
   * @param credentials to sign with, instead of those of the environment
   */
  rehearsal(answer: string, credentials?: Credentials): CollectionsClient;
}

type Post = (endpoint: Endpoint, headers: Headers, body: string, limits: ExchangeLimits) => Promise<HttpResponse>;

/**
 * A client for DynamoDB that is small and quick to start: it takes region, credentials and endpoint from the environment
 * of a Lambda function, again for each attempt, and retries as the AWS SDK does. Nothing is loaded, read or connected before
 * the first call, or before it is warmed up.
 *
 * Its calls reject with a `DynamoDBClientError`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export function createLightweightClient(): LightweightClient {
  const clock = new Clock();
  const fromEnvironment = credentialsProvider(clock);
  const endpointFor = endpointResolver();
  const sign = requestSigner();
  const connections = new ConnectionPool();

  async function send(post: Post, credentialsOfTheMoment: CredentialsProvider, operation: string, input: object, options: DynamoDBCallOptions = {}) {
    const { abortSignal } = options;
    const body = stringifyInput(input);
    const tableName = tableOf(input);
    let attempts = 0;

    const attempt = async (retries: number): Promise<Output> => {
      const region = regionFromEnvironment();
      const atHand = credentialsOfTheMoment(abortSignal);
      const credentials = atHand instanceof Promise ? await atHand : atHand;
      const endpoint = endpointFor({ region: region.name, isFips: region.isFips, accountId: credentials.accountId, tableName });
      const sentAt = clock.now();
      const sentAtUncorrected = Date.now();
      const signed = sign({ endpoint, headers: headersOf(operation, endpoint), body }, region.name, credentials, sentAt);
      const headers = signed instanceof Promise ? await signed : signed;
      headers['content-length'] = `${Buffer.byteLength(body)}`;
      attempts++;
      const response = await post(endpoint, headers, body, { silenceMs: silenceLimitMs(retries), abortSignal });
      try {
        return { ...readAnswer(response), $metadata: { attempts, ...responseMetadata(response) } };
      } catch (error) {
        if (error instanceof DynamoDBServiceError) {
          error.$metadata.clockSkewCorrected = isClockError(error) && clock.correctBy(response.headers, sentAt, sentAtUncorrected);
        }
        throw error;
      }
    };

    try {
      return await withRetries(attempt, abortSignal);
    } catch (error) {
      if (error instanceof DynamoDBClientError) {
        error.$metadata.attempts = attempts;
      }
      throw error;
    }
  }

  return {
    ...operations((operation, input, options) => send((...request) => connections.post(...request), fromEnvironment, operation, input, options)),
    connect() {
      const region = regionFromEnvironment();
      return connections.open(endpointFor({ region: region.name, isFips: region.isFips, accountId: process.env.AWS_ACCOUNT_ID || undefined }));
    },
    rehearsal(answer, credentials) {
      const provider = credentials === undefined ? fromEnvironment : () => credentials;
      let response: Promise<HttpResponse> | undefined;
      const post: Post = (endpoint, headers, body) => response ??= rehearse(endpoint, headers, body, answer);
      return operations((operation, input, options) => send(post, provider, operation, input, options));
    },
  };
}

function operations(call: (operation: string, input: object, options?: DynamoDBCallOptions) => Promise<Output>): CollectionsClient {
  return {
    getItem: (input, options) => call('GetItem', input, options),
    putItem: (input, options) => call('PutItem', input, options),
    updateItem: (input, options) => call('UpdateItem', input, options),
    deleteItem: (input, options) => call('DeleteItem', input, options),
    transactWriteItems: (input, options) => call('TransactWriteItems', input, options),
    query: (input, options) => call('Query', input, options),
  };
}

function headersOf(operation: string, { host }: Endpoint): Headers {
  return {
    'host': host,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
}

interface Input {
  readonly TableName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName?: string }>>[];
}

/** The table that an input is about; of a transaction, the first one. An ARN in its place names the account too. */
function tableOf({ TableName, TransactItems }: Input): string | undefined {
  return TableName ?? Object.values(TransactItems?.[0] ?? {})[0]?.TableName;
}
