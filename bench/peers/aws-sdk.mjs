import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { countVisits } from './count-visits.mjs';

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = countVisits(dynamodb, process.env.BENCH_TABLE);
