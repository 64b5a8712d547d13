import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { countVisits } from './count-visits.mjs';

const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, BENCH_TABLE } = process.env;

// Without `cacheMiddleware`: the document client refuses it.
const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({
  region: AWS_REGION,
  credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN },
}));

export const handler = countVisits(dynamodb, BENCH_TABLE);
