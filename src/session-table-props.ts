import { CfnTag, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * How a session table is made. Its key and its TTL attribute are not open to change: the runtime relies on them.
 */
export interface SessionTableProps {
  /**
   * The name of the table: 3 to 255 letters, digits, `_`, `-` or `.`. To change it later replaces the table.
   *
   * @default - made by CloudFormation
   */
  readonly tableName?: string;

  /**
   * What happens to the table, and to the sessions in it, when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether DynamoDB refuses to delete the table. Replicas have the same unless they say otherwise.
   *
   * @default false
   */
  readonly deletionProtection?: boolean;

  /**
   * Continuous backups, from which the table can be restored to any second of the recovery period: `recoveryPeriodInDays`,
   * 1 to 35 days. `{ pointInTimeRecoveryEnabled: false }` switches them off. Replicas have the same unless they say otherwise.
   *
   * @default - on, with DynamoDB's recovery period of 35 days
   */
  readonly pointInTimeRecoverySpecification?: dynamodb.PointInTimeRecoverySpecification;

  /**
   * The keys that encrypt the table. A customer managed one needs a stack whose region is known; with replicas there has
   * to be one for each of their regions. The functions that are attached are permitted to use them.
   *
   * @default TableEncryptionV2.dynamoOwnedKey()
   */
  readonly encryption?: dynamodb.TableEncryptionV2;

  /**
   * How capacity is paid for: by the request, with an upper limit or without, or provisioned, in capacity units.
   *
   * @default Billing.onDemand()
   */
  readonly billing?: dynamodb.Billing;

  /**
   * Replicas of the table in other regions of the account; each may set its own deletion protection, point-in-time
   * recovery, table class, tags and contributor insights. They need a stack whose region is known. To add one to a
   * deployed table, or to take one away, neither replaces nor renames the table.
   *
   * Replicas are eventually consistent across regions: a session that was written in one region is seen in another within
   * about a second, and if two regions write at the same time, the later write wins. Multi-region strong consistency is not on
   * offer, because such tables have neither TTL nor transactions.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
   */
  readonly replicas?: dynamodb.ReplicaTableProps[];

  /**
   * Contributor insights: CloudWatch shows which session ids are used or throttled most. Costs extra, and shows session ids
   * to those who may read them. Replicas have the same unless they say otherwise.
   *
   * @default - off
   */
  readonly contributorInsightsSpecification?: dynamodb.ContributorInsightsSpecification;

  /**
   * The table class: `STANDARD_INFREQUENT_ACCESS` makes storage cheaper and requests dearer.
   *
   * @default TableClass.STANDARD
   */
  readonly tableClass?: dynamodb.TableClass;

  /**
   * The reads and writes in units per second that the table serves immediately, before it has scaled.
   *
   * @default - DynamoDB's own: 12,000 read units and 4,000 write units per second for a new table billed on demand
   */
  readonly warmThroughput?: dynamodb.WarmThroughput;

  /**
   * Tags of the table in its own region. Those of `Tags.of()` and of replicas come on top.
   *
   * @default - none
   */
  readonly tags?: CfnTag[];

  /**
   * Whether to make a second table, for the sessions of a user (`signIn()`, `sessionsOf()`) and for conversations. It costs
   * nothing while it is not used.
   *
   * It has the settings of the session table: removal policy, deletion protection, point-in-time recovery, encryption,
   * billing, replicas, tags and so on. If `tableName` is given, its name is `<tableName>-collections`. Functions that are
   * attached may use it, and find its name in the environment variable `SESSION_LAMBDA_COLLECTIONS_TABLE_NAME`.
   *
   * @default false
   */
  readonly collections?: boolean;

  /**
   * The functions whose handlers use sessions, as if passed to `attach()`.
   *
   * @default - none
   */
  readonly functions?: iam.IGrantable[];
}
