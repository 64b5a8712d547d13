import { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { CollectionsClient } from '../../../../lambda-runtime/src/dynamodb/client/dynamodb-client.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

/** Describes the same behaviour of the lightweight client and of the SDK's, which both take everything from the environment. */
export function describeBothClients(behaviour: (create: () => CollectionsClient) => void): void {
  describe('lightweight client', () => behaviour(createLightweightClient));
  describe('client of the AWS SDK', () => {
    const clients: DynamoDB[] = [];
    afterAll(() => clients.forEach((client) => client.destroy()));
    behaviour(() => {
      const client = new DynamoDB();
      clients.push(client);
      return client;
    });
  });
}

/** The error that a call rejects with. */
export async function rejection(call: Promise<unknown>): Promise<any> {
  return call.then((output) => { throw new Error(`the call succeeded: ${JSON.stringify(output)}`); }, (error: unknown) => error);
}
