import * as kms from 'aws-cdk-lib/aws-kms';

/**
 * What is to be known of an existing session table: exactly one of its name and its ARN, its replicas and its keys.
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
   * The customer managed key that encrypts the table. Without it attached functions are not permitted to use the key.
   *
   * @default - DynamoDB encrypts with a key of AWS, which needs no permission
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The other regions that hold a replica of the table. Attached functions are permitted to use all of them.
   *
   * @default - none
   */
  readonly replicaRegions?: string[];

  /**
   * The ARNs of the customer managed keys that encrypt the replicas, by region.
   *
   * @default - DynamoDB encrypts them with keys of AWS, which need no permission
   */
  readonly replicaKeyArns?: { [region: string]: string };
}
