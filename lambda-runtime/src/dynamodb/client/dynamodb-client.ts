import type { Item } from '../values/attribute-value.js';

/** What each call takes beside its input. */
export interface DynamoDBCallOptions {
  /** Ends the call, its retries included. */
  readonly abortSignal?: AbortSignal;
}

/** What each call returns beside its answer. */
export interface DynamoDBMetadata {
  readonly $metadata: {
    /** How often the request was sent. More than 1: an earlier one may have been applied without an answer. */
    readonly attempts?: number;
  };
}

/** The part of a conditional write that put, update and delete share. */
export interface ConditionalWrite {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

/*
 * What is required may be undefined by its type, as in the SDK's own inputs: otherwise TypeScript takes neither for the other.
 */

export interface GetItemInput {
  readonly TableName: string | undefined;
  readonly Key: Item | undefined;
  readonly ConsistentRead?: boolean;
}

export interface PutItemInput extends ConditionalWrite {
  readonly TableName: string | undefined;
  readonly Item: Item | undefined;
}

export interface UpdateItemInput extends ConditionalWrite {
  readonly TableName: string | undefined;
  readonly Key: Item | undefined;
  readonly UpdateExpression?: string;
}

export interface DeleteItemInput extends ConditionalWrite {
  readonly TableName: string | undefined;
  readonly Key: Item | undefined;
  readonly ReturnValues?: 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
}

/** In a transaction the expression is required. */
export interface TransactUpdate extends UpdateItemInput {
  readonly UpdateExpression: string | undefined;
}

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
