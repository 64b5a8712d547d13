import { PhysicalName, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { collectionsTable } from './private/collections-table';
import { backUpUnlessToldOtherwise } from './private/default-backups';
import { addStream } from './private/expiry-events';
import { ImportedSessionTable } from './private/imported-session-table';
import { assertTableName } from './private/table-name';
import { replicaKeyArnsOf, replicaRegionsOf } from './private/table-replicas';
import { tableSettings } from './private/table-settings';
import { WrappedSessionTable } from './private/wrapped-session-table';
import type { SessionExpiryProps } from './session-expiry-props';
import type { SessionTableAttributes } from './session-table-attributes';
import { SessionTableBase } from './session-table-base';
import type { SessionTableProps } from './session-table-props';
import {
  ATTRIBUTES, COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE, READ_ONLY_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE,
} from './shared-with-runtime/table-schema';

/**
 * A DynamoDB table that holds the sessions of Lambda functions.
 *
 * It is billed on demand, backed up continuously, and retained when it is removed from the stack. DynamoDB's TTL deletes expired sessions.
 *
 * @resource AWS::DynamoDB::GlobalTable
 * @example
 * declare const chat: lambda.Function;
 * const sessions = new SessionTable(this);
 * sessions.attach(chat);
 */
export class SessionTable extends SessionTableBase {
  /**
   * The environment variable that holds the table's name for the runtime; `attach()` sets it.
   */
  public static readonly TABLE_NAME_ENVIRONMENT_VARIABLE: string = TABLE_NAME_ENVIRONMENT_VARIABLE;

  /**
   * The environment variable that holds the name of the collections table for the runtime; `attach()` sets it if there is one.
   */
  public static readonly COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE: string = COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE;

  /**
   * The environment variable that makes the runtime read only; `attachReadOnly()` sets it to `1`.
   */
  public static readonly READ_ONLY_ENVIRONMENT_VARIABLE: string = READ_ONLY_ENVIRONMENT_VARIABLE;

  /**
   * Imports an existing session table in the account and region of the stack.
   *
   * Its partition key must be `key` (a string) and its TTL attribute `ttl`; this is not checked. If it is encrypted with a
   * customer managed key, use `fromTableAttributes()`.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param tableName the name of the table
   */
  public static fromTableName(scope: Construct, id: string, tableName: string): ISessionTable {
    return SessionTable.fromTableAttributes(scope, id, { tableName });
  }

  /**
   * Imports an existing session table.
   *
   * Its partition key must be `key` (a string) and its TTL attribute `ttl`; this is not checked. If it is encrypted with a
   * customer managed key, use `fromTableAttributes()`.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param tableArn the ARN of the table: `arn:<partition>:dynamodb:<region>:<account>:table/<table-name>`
   */
  public static fromTableArn(scope: Construct, id: string, tableArn: string): ISessionTable {
    return SessionTable.fromTableAttributes(scope, id, { tableArn });
  }

  /**
   * Makes a session table of any `TableV2`, for settings that `SessionTableProps` does not offer.
   *
   * Its partition key must be `key` (a string) without a sort key, its TTL attribute must be `ttl`, and it must not be
   * strongly consistent across regions. This is checked for tables of this app, not for imported ones. Replicas and their
   * encryption keys are read from tables of this app; for imported tables, use `fromTableAttributes()`.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param table the table
   * @param collections the collections table, if there is one: its partition key must be `collection` (a string), its sort key
   * `item` (a string), its TTL attribute `ttl`
   */
  public static fromTable(scope: Construct, id: string, table: dynamodb.ITableV2, collections?: dynamodb.ITableV2): ISessionTable {
    return new WrappedSessionTable(scope, id, table, collections);
  }

  /**
   * Imports an existing session table by its name or ARN, with its replicas, encryption keys and collections table.
   *
   * Its partition key must be `key` (a string) and its TTL attribute `ttl`; this is not checked.
   *
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param attrs exactly one of `tableName` and `tableArn`, and the keys, replicas and collections table, if any
   */
  public static fromTableAttributes(scope: Construct, id: string, attrs: SessionTableAttributes): ISessionTable {
    return new ImportedSessionTable(scope, id, attrs);
  }

  public readonly table: dynamodb.TableV2;
  public readonly collectionsTable?: dynamodb.TableV2;
  public readonly encryptionKey?: kms.IKey;
  protected readonly mayBeNamedByCdk: boolean;

  /**
   * @param scope the scope of the construct
   * @param id the id of the construct; a scope can have one session table with the default id
   * @param props the properties of the table
   */
  constructor(scope: Construct, id: string = 'SessionTable', props: SessionTableProps = {}) {
    super(scope, id);
    if (props.tableName !== undefined) {
      assertTableName(this.node.path, props.tableName);
    }

    const table = new dynamodb.TableV2(this, 'Resource', {
      partitionKey: { name: ATTRIBUTES.key, type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: ATTRIBUTES.ttl,
      ...tableSettings(props),
    });
    backUpUnlessToldOtherwise(table);
    // As with any L2: what is done to the resource of this construct is done to the table.
    this.node.defaultChild = table.node.defaultChild;
    this.table = table;
    this.collectionsTable = props.collections ? collectionsTable(this, props) : undefined;
    this.mayBeNamedByCdk = props.tableName === PhysicalName.GENERATE_IF_NEEDED;
    this.encryptionKey = table.encryptionKey;
    this.attach(...props.functions ?? []);
  }

  public get replicaRegions(): string[] {
    return replicaRegionsOf(this.table);
  }

  protected get replicaKeyArns(): string[] {
    return replicaKeyArnsOf(this.table);
  }

  /**
   * Sets what happens to the session table, and to the collections table if there is one, when they leave the stack.
   *
   * @param policy the removal policy
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    super.applyRemovalPolicy(policy);
    this.collectionsTable?.applyRemovalPolicy(policy);
  }

  public override onExpired(fn: lambda.IFunction, props?: SessionExpiryProps): void {
    addStream(this.table);
    super.onExpired(fn, props);
  }
}
