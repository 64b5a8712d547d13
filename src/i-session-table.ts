import { IResource } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { IConstruct, IDependable } from 'constructs';
import type { ISessionMetrics } from './i-session-metrics';
import type { SessionAccessProps } from './session-access-props';
import type { SessionExpiryProps } from './session-expiry-props';

/**
 * A table that holds the sessions of Lambda functions, whether created in this app or imported.
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
   * The DynamoDB table itself, for features that this construct does not offer, such as further grants, streams and indexes.
   */
  readonly table: dynamodb.ITableV2;

  /**
   * The table for the sessions of a user and for conversations.
   *
   * @default - there is none
   */
  readonly collectionsTable?: dynamodb.ITableV2;

  /**
   * The customer managed key that encrypts the table.
   *
   * @default - none is known: DynamoDB encrypts with an AWS key
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The regions, besides the table's own, that hold a replica of the table.
   */
  readonly replicaRegions: string[];

  /**
   * The environment variables by which the runtime finds the table, for whatever `attach()` cannot attach: add them to the
   * environment of a container, and grant it access with `grantSession()`.
   *
   * @example
   * for (const [name, value] of Object.entries(sessions.environment)) {
   *   container.addEnvironment(name, value);
   * }
   * sessions.grantSession(task.taskRole);
   */
  readonly environment: { [name: string]: string };

  /**
   * Gives functions of any Lambda runtime access to their sessions: the permissions of `grantSession()`, and the table's
   * name in the environment variable `SESSION_LAMBDA_DYNAMODB_TABLE_NAME`. Attaching a function twice changes nothing.
   *
   * Takes every construct that has a principal and an environment: `lambda.Function` and whatever is derived from it,
   * `lambda.SingletonFunction`, and `lambda.WebFunction` of newer versions of aws-cdk-lib.
   *
   * In a region other than the table's, the runtime looks for the table in its own region: there must be a replica, or the
   * handler must pass its own `client`. If neither `replicas` nor `replicaRegions` lists the region, the function is
   * attached with a warning.
   *
   * Fails if a function already has another table or is attached read-only; if it is in another account; if it is in
   * another region and the reference would make CloudFormation rename (and so replace) the table; and for constructs whose
   * environment cannot be set, such as aliases, versions, imported functions and functions on Lambda@Edge.
   *
   * @param functions the functions whose handlers use sessions
   * @returns the permissions, for whatever has to wait until they are in place
   */
  attach(...functions: iam.IGrantable[]): IDependable;

  /**
   * Gives functions read access to sessions: `dynamodb:GetItem` (on the collections table also `dynamodb:Query`) and, if
   * there is an `encryptionKey`, decrypting; the table's name; and `SESSION_LAMBDA_READ_ONLY`, which makes the runtime throw if the handler tries to write. Functions
   * that do not use the runtime get the same permissions. Attaching a function twice changes nothing.
   *
   * Fails where `attach()` does, and if a function is attached for writing.
   *
   * @param functions the functions whose handlers read sessions
   * @returns the permissions, for whatever has to wait until they are in place
   */
  attachReadOnly(...functions: iam.IGrantable[]): IDependable;

  /**
   * Attaches all functions below a scope, including those that are added after this call: CDK does it just before it
   * synthesises. `Mixins.of(scope).apply(new SessionAccess(sessions))` does the same immediately, for the functions that
   * are already there.
   *
   * It leaves out functions that CDK makes for itself (for custom resources, for example), functions that run on
   * Lambda@Edge, and functions below a `Stage` inside the scope, which CDK treats as separate apps. A function that is
   * attached read-only remains so.
   *
   * Fails at synthesis where `attach()` does. Use a `filter` to leave such a function out.
   *
   * @param scope the construct below which functions use sessions, such as a stack
   * @param props which functions use sessions
   */
  attachAll(scope: IConstruct, props?: SessionAccessProps): void;

  /**
   * Invokes a function with the sessions that have expired, from a stream on the table. In the handler, `expiredSessions(event)`
   * of the runtime reads them.
   *
   * DynamoDB deletes expired sessions within a few days, and only then is the function invoked: at least once for each
   * session, sometimes more than once. Sessions that were destroyed are not among them. With replicas, each expiry is
   * reported in one region: call this for a function in each region.
   *
   * A `SessionTable` switches the stream on. Other tables must have one that holds old images.
   *
   * @param fn the function, in the account and region of the table
   * @param props batches, retries and the dead-letter queue
   */
  onExpired(fn: lambda.IFunction, props?: SessionExpiryProps): void;

  /**
   * Grants the permissions that the runtime needs, on this table only: `dynamodb:GetItem`, `PutItem`, `UpdateItem` and
   * `DeleteItem`, and the use of the table's keys if there are any; on replicas too. On the collections table, if there is
   * one, the same and `dynamodb:Query`.
   *
   * Grants the same permissions to anything that is not a Lambda function, such as a container. It also needs the
   * variables of `environment`.
   *
   * [disable-awslint:no-grants]
   *
   * @param grantee who uses sessions
   */
  grantSession(grantee: iam.IGrantable): iam.Grant;
}
