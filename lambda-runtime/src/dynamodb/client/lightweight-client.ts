import { readAnswer, responseMetadata } from './answer.js';
import type { Answer } from './answer.js';
import { DynamoDBClientError } from './client-errors.js';
import type { CallMetadata } from './client-errors.js';
import { ConnectionPool } from './connection-pool.js';
import type { CollectionsClient, DynamoDBCallOptions } from './dynamodb-client.js';
import { endpointResolver } from './endpoint.js';
import { regionFromEnvironment } from './environment.js';
import { requestSigner } from './request-signer.js';
import { withRetries } from './retry.js';
import { stringifyInput } from '../values/binary.js';

type Output = Answer & { readonly $metadata: CallMetadata };

/**
 * For how long an attempt may hear nothing, by the number of retries before it. DynamoDB answers in milliseconds, so after
 * a second the connection is rather dead than slow, and a function with Lambda's default time-out of 3 s gets a second try.
 * It doubles for the case that it was slow.
 */
const silenceLimitMs = (retries: number) => 1000 * 2 ** retries;

/**
 * A client for DynamoDB that is small and quick to start: it takes region, credentials and endpoint from the environment
 * of a Lambda function, anew for each attempt, and retries as the AWS SDK does. Nothing is loaded, read or connected before
 * the first call.
 *
 * Its calls reject with a `DynamoDBClientError`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export function createLightweightClient(): CollectionsClient {
  const endpointFor = endpointResolver();
  const sign = requestSigner();
  const connections = new ConnectionPool();

  async function call(operation: string, input: object, { abortSignal }: DynamoDBCallOptions = {}): Promise<Output> {
    const body = stringifyInput(input);
    let attempts = 0;

    const attempt = async (retries: number): Promise<Output> => {
      const region = regionFromEnvironment();
      const endpoint = endpointFor(region);
      const headers = await sign(endpoint, region, {
        'host': endpoint.host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      }, body);
      headers['content-length'] = `${Buffer.byteLength(body)}`;
      attempts++;
      const response = await connections.post(endpoint, headers, body, { silenceMs: silenceLimitMs(retries), abortSignal });
      return { ...readAnswer(response), $metadata: { attempts, ...responseMetadata(response) } };
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
    getItem: (input, options) => call('GetItem', input, options),
    putItem: (input, options) => call('PutItem', input, options),
    updateItem: (input, options) => call('UpdateItem', input, options),
    deleteItem: (input, options) => call('DeleteItem', input, options),
    transactWriteItems: (input, options) => call('TransactWriteItems', input, options),
    query: (input, options) => call('Query', input, options),
  };
}
