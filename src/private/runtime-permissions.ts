/**
 * The DynamoDB actions behind the runtime's calls. `TransactWriteItems` has no separate action: the actions of its items authorise it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const TABLE_ACTIONS: readonly string[] = [
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
];

/** The DynamoDB actions behind the runtime's calls if it only reads. */
export const TABLE_READ_ACTIONS: readonly string[] = [
  'dynamodb:GetItem',
];

/**
 * What DynamoDB does with a customer managed key on behalf of the caller, without wildcards, which fail IAM reviews. Only
 * whoever creates the table needs `kms:CreateGrant`, the rest of AWS's list.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz
 */
export const KEY_ACTIONS: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What DynamoDB does with a customer managed key on behalf of a caller that only reads. */
export const KEY_READ_ACTIONS: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
];

/** The DynamoDB actions behind the runtime's calls to the collections table. */
export const COLLECTIONS_ACTIONS: readonly string[] = ['dynamodb:Query', ...TABLE_ACTIONS];

/** The DynamoDB actions behind the runtime's calls to the collections table if it only reads. */
export const COLLECTIONS_READ_ACTIONS: readonly string[] = ['dynamodb:Query', ...TABLE_READ_ACTIONS];

/** The permissions of whoever uses a session table. */
export interface Permissions {
  readonly tableActions: readonly string[];
  readonly collectionsActions: readonly string[];
  readonly keyActions: readonly string[];
}

export const READING_AND_WRITING: Permissions = { tableActions: TABLE_ACTIONS, collectionsActions: COLLECTIONS_ACTIONS, keyActions: KEY_ACTIONS };

export const READING: Permissions = { tableActions: TABLE_READ_ACTIONS, collectionsActions: COLLECTIONS_READ_ACTIONS, keyActions: KEY_READ_ACTIONS };
