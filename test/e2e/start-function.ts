import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Database } from './visitor';
import { type LocalLambda, startLambda } from '../fixtures/lambda-runtime-api';
import type { NodeBinary } from '../fixtures/node-binaries';

/** Runs the code of a deployed function, with what is configured on it, on sessions in this database. */
export function startFunction(configuration: FunctionConfiguration, directory: string, node: NodeBinary, database: Database): Promise<LocalLambda> {
  return startLambda({
    directory,
    handler: configuration.Handler!,
    nodeBinary: node.path,
    environment: {
      ...configuration.Environment!.Variables,
      // What Lambda would add, and where DynamoDB is.
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${node.majorVersion}.x`,
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    },
  });
}
