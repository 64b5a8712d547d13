import * as kms from 'aws-cdk-lib/aws-kms';

/**
 * The attributes of an existing session table: exactly one of its name and its ARN; its replicas, keys and collections table, if any.
 */
export interface SessionTableAttributes {
  /**
   * The name of the table, which is in the account and region of the stack.
   *
   * @default - taken from `tableArn`
   */
  readonly tableName?: string;

  /**
   * The ARN of the table, which may be in another region.
   *
   * @default - made of `tableName` and the account and region of the stack
   */
  readonly tableArn?: string;

  /**
   * The name of the collections table, which is in the account and region of the session table.
   *
   * @default - taken from `collectionsTableArn`; without that there is no collections table
   */
  readonly collectionsTableName?: string;

  /**
   * The ARN of the collections table, which must be in the account and region of the session table.
   *
   * @default - made of `collectionsTableName`; without that there is no collections table
   */
  readonly collectionsTableArn?: string;

  /**
   * The ARN of the table's stream, which must hold old images. `onExpired()` needs it.
   *
   * @default - none is known
   */
  readonly tableStreamArn?: string;

  /**
   * The customer managed key that encrypts the tables. Without it, attached functions are not permitted to use the key.
   *
   * @default - DynamoDB encrypts with an AWS key, which needs no permission
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The other regions that hold a replica of the tables. Attached functions are permitted to use all of them.
   *
   * @default - none
   */
  readonly replicaRegions?: string[];

  /**
   * The ARNs of the customer managed keys that encrypt the replicas, by region.
   *
   * @default - DynamoDB encrypts them with AWS keys, which need no permission
   */
  readonly replicaKeyArns?: { [region: string]: string };
}
