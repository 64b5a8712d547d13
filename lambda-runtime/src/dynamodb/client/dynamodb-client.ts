import type { Item } from '../values/attribute-value.js';

/**
 * What each call takes beside its input.
 *
 * @example
 * ```ts
 * import type { DynamoDBCallOptions } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const options: DynamoDBCallOptions = { abortSignal: AbortSignal.timeout(5_000) };
 * ```
 */
export interface DynamoDBCallOptions {
  /** Ends the call, its retries included. */
  readonly abortSignal?: AbortSignal;
}

/**
 * What each call returns beside its answer.
 *
 * @example
 * ```ts
 * import type { DynamoDBMetadata } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const wasRepeated = ({ $metadata }: DynamoDBMetadata): boolean => ($metadata.attempts ?? 1) > 1;
 * ```
 */
export interface DynamoDBMetadata {
  readonly $metadata: {
    /** How often the request was sent. More than 1: an earlier one may have been applied without an answer. */
    readonly attempts?: number;
  };
}

/**
 * The part of a conditional write that put, update and delete share.
 *
 * @example
 * ```ts
 * import type { ConditionalWrite } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const onlyIfNew: ConditionalWrite = { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': 'key' } };
 * ```
 */
export interface ConditionalWrite {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

/*
 * What is required may be undefined by its type, as in the SDK's own inputs: otherwise TypeScript takes neither for the other.
 */

/**
 * What `getItem` is called with.
 *
 * @example
 * ```ts
 * import type { GetItemInput } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const input: GetItemInput = { TableName: 'sessions', Key: { key: { S: 'id' } }, ConsistentRead: true };
 * ```
 */
export interface GetItemInput {
  readonly TableName: string | undefined;
  readonly Key: Item | undefined;
  readonly ConsistentRead?: boolean;
}

/**
 * What `putItem` is called with.
 *
 * @example
 * ```ts
 * import type { PutItemInput } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const input: PutItemInput = { TableName: 'sessions', Item: { key: { S: 'id' }, value: { NULL: true } } };
 * ```
 */
export interface PutItemInput extends ConditionalWrite {
  readonly TableName: string | undefined;
  readonly Item: Item | undefined;
}

/**
 * What `updateItem` is called with.
 *
 * @example
 * ```ts
 * import type { UpdateItemInput } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const input: UpdateItemInput = {
 *   TableName: 'sessions',
 *   Key: { key: { S: 'id' } },
 *   UpdateExpression: 'SET #ttl = :ttl',
 *   ExpressionAttributeNames: { '#ttl': 'ttl' },
 *   ExpressionAttributeValues: { ':ttl': { N: '1800000000' } },
 * };
 * ```
 */
export interface UpdateItemInput extends ConditionalWrite {
  readonly TableName: string | undefined;
  readonly Key: Item | undefined;
  readonly UpdateExpression?: string;
}

/**
 * What `deleteItem` is called with.
 *
 * @example
 * ```ts
 * import type { DeleteItemInput } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const input: DeleteItemInput = { TableName: 'sessions', Key: { key: { S: 'id' } }, ReturnValues: 'ALL_OLD' };
 * ```
 */
export interface DeleteItemInput extends ConditionalWrite {
  readonly TableName: string | undefined;
  readonly Key: Item | undefined;
  readonly ReturnValues?: 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
}

/** In a transaction the expression is required. */
export interface TransactUpdate extends UpdateItemInput {
  readonly UpdateExpression: string | undefined;
}

/**
 * What `transactWriteItems` is called with.
 *
 * @example
 * ```ts
 * import type { TransactWriteItemsInput } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const input: TransactWriteItemsInput = { TransactItems: [{ Delete: { TableName: 'sessions', Key: { key: { S: 'id' } } } }] };
 * ```
 */
export interface TransactWriteItemsInput {
  readonly ClientRequestToken?: string;
  readonly TransactItems: ReadonlyArray<{
    readonly Put?: PutItemInput;
    readonly Delete?: DeleteItemInput;
    readonly Update?: TransactUpdate;
  }> | undefined;
}

export interface QueryInput {
  readonly TableName: string | undefined;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ConsistentRead?: boolean;
  /** `false` returns the items in descending order of their sort key. */
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
}

export interface QueryOutput extends DynamoDBMetadata {
  readonly Items?: Item[];
  /** Where the next page starts; absent after the last page. */
  readonly LastEvaluatedKey?: Item;
}

/**
 * What the DynamoDB store needs of a client: a part of the AWS SDK's aggregated client, so that
 * `new DynamoDB({...})` from `@aws-sdk/client-dynamodb` fits as it is.
 *
 * A failed condition rejects with an error whose `name` is `ConditionalCheckFailedException` and whose `Item` is the
 * item in the way, if there is one.
 *
 * @example
 * ```ts
 * import { DynamoDB } from '@aws-sdk/client-dynamodb';
 * import { session } from 'cdk-session-table/lambda-runtime';
 * import type { DynamoDBClient } from 'cdk-session-table/lambda-runtime';
 *
 * const client: DynamoDBClient = new DynamoDB({ region: 'eu-central-1', maxAttempts: 5 });
 * export const handler = session(async () => ({ statusCode: 200 }), { client, update: true, ttl: 15 * 60 });
 * ```
 */
export interface DynamoDBClient {
  getItem(input: GetItemInput, options?: DynamoDBCallOptions): Promise<DynamoDBMetadata & { Item?: Item }>;
  putItem(input: PutItemInput, options?: DynamoDBCallOptions): Promise<DynamoDBMetadata>;
  updateItem(input: UpdateItemInput, options?: DynamoDBCallOptions): Promise<DynamoDBMetadata>;
  deleteItem(input: DeleteItemInput, options?: DynamoDBCallOptions): Promise<DynamoDBMetadata & { Attributes?: Item }>;
  transactWriteItems(input: TransactWriteItemsInput, options?: DynamoDBCallOptions): Promise<DynamoDBMetadata>;
}

/** What the collections table needs of a client beyond that. The AWS SDK's aggregated client fits too. */
export interface CollectionsClient extends DynamoDBClient {
  query(input: QueryInput, options?: DynamoDBCallOptions): Promise<QueryOutput>;
}
