import { IResource } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import type { ISessionMetrics } from './i-session-metrics';
import type { SessionAccessProps } from './session-access-props';

/**
 * A table that holds the sessions of Lambda functions, whether made in this app or imported.
 */
export interface ISessionTable extends IResource, ISessionMetrics {
  /**
   * The name of the table.
   *
   * @attribute
   */
  readonly tableName: string;

  /**
   * The ARN of the table.
   *
   * @attribute
   */
  readonly tableArn: string;

  /**
   * The DynamoDB table itself, for what this construct does not offer: further grants, streams, indexes.
   */
  readonly table: dynamodb.ITableV2;

  /**
   * The customer managed key that encrypts the table.
   *
   * @default - none is known: DynamoDB encrypts with a key of AWS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The regions, besides the table's own, that hold a replica of the table.
   */
  readonly replicaRegions: string[];

  /**
   * Gives functions, of any Lambda runtime, their sessions: the permissions of `grantSession()`, and the table's name in
   * the environment variable `SESSION_LAMBDA_DYNAMODB_TABLE_NAME`. To attach a function twice changes nothing.
   *
   * In a region other than the table's the runtime looks for the table in its own region: there has to be a replica, or
   * the handler passes its own `client`. Where neither `replicas` nor `replicaRegions` tell of one, the function is
   * attached with a warning.
   *
   * Fails if a function already has another table or is attached read-only, if it is in another account, or if it is in
   * another region and the reference would make CloudFormation rename (and so replace) the table.
   *
   * @param functions the functions whose handlers use sessions
   */
  attach(...functions: lambda.Function[]): void;

  /**
   * Gives functions sessions to read, not to write: `dynamodb:GetItem` and, where there is an `encryptionKey`, decrypting;
   * the table's name; and `SESSION_LAMBDA_READ_ONLY`, by which the runtime knows not to write. Functions without the
   * runtime have the same permissions. To attach a function twice changes nothing.
   *
   * Fails where `attach()` does, and if a function is attached to write.
   *
   * @param functions the functions whose handlers look at sessions
   */
  attachReadOnly(...functions: lambda.Function[]): void;

  /**
   * Attaches all functions below a scope, also those that are added after this call; CDK does it before it synthesises.
   * `Mixins.of(scope).apply(new SessionAccess(sessions))` does the same for the functions that are there already, at once.
   *
   * Left out are the functions that CDK itself makes for custom resources and the like, and those below a `Stage` inside
   * the scope: CDK treats a stage as an app of its own. A function that is attached read-only stays so.
   *
   * Fails at synthesis where `attach()` does. To leave such a function out, select with a `filter`.
   *
   * @param scope the construct below which functions use sessions: a stack for one
   * @param props which functions are meant
   */
  attachAll(scope: IConstruct, props?: SessionAccessProps): void;

  /**
   * Permits what the runtime does to sessions, on this table alone: `dynamodb:GetItem`, `PutItem`, `UpdateItem`,
   * `DeleteItem`, and the use of the table's keys if there are any; on replicas too.
   *
   * For what is not a function, a container for one; it also has to be told the table's name.
   *
   * [disable-awslint:no-grants]
   *
   * @param grantee who uses sessions
   */
  grantSession(grantee: iam.IGrantable): iam.Grant;
}
