import { AspectPriority, Aspects, ResourceProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { SessionEnvironment, sessionEnvironment } from './private/function-environment';
import { assertReachable } from './private/reachability';
import { KEY_ACTIONS, KEY_READ_ACTIONS, TABLE_ACTIONS, TABLE_READ_ACTIONS } from './private/runtime-permissions';
import { identityOf } from './private/token-identity';
import { SessionAccess } from './session-access';
import type { SessionAccessProps } from './session-access-props';
import { SessionMetrics } from './session-metrics';
import { READ_ONLY, READ_ONLY_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from './shared-with-runtime/table-schema';

/**
 * What session tables have in common, whether made in this app or imported.
 */
export abstract class SessionTableBase extends SessionMetrics implements ISessionTable {
  public abstract readonly encryptionKey?: kms.IKey;
  public abstract readonly replicaRegions: string[];

  /** The ARNs of the customer managed keys that encrypt the replicas. */
  protected abstract readonly replicaKeyArns: string[];

  private readonly attached = new Set<lambda.Function>();
  private readonly attachedReadOnly = new Set<lambda.Function>();
  private grantsWithReplicas?: dynamodb.TableGrants;
  private knownIdentity?: string;

  /**
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the environment, where it is not that of the stack
   */
  constructor(scope: Construct, id: string, props: ResourceProps = {}) {
    super(scope, id, props);
  }

  public get tableName(): string {
    return this.table.tableName;
  }

  public get tableArn(): string {
    return this.table.tableArn;
  }

  public attach(...functions: lambda.Function[]): void {
    for (const fn of functions) {
      const held = sessionEnvironment(fn);
      this.assertNoOtherTable(fn, held);
      if (held.readOnly !== undefined) {
        throw new Error(
          `[${fn.node.path}] cannot be attached to the session table '${this.node.path}' to write: its environment variable `
          + `${READ_ONLY_ENVIRONMENT_VARIABLE} is set, as attachReadOnly() does. Use either attach() or attachReadOnly()`,
        );
      }
      if (!this.attached.has(fn)) {
        this.tellTableName(fn);
        this.grantSession(fn);
        this.attached.add(fn);
      }
    }
  }

  public attachReadOnly(...functions: lambda.Function[]): void {
    for (const fn of functions) {
      this.assertNoOtherTable(fn, sessionEnvironment(fn));
      if (this.attached.has(fn)) {
        throw new Error(
          `[${fn.node.path}] cannot be attached to the session table '${this.node.path}' to read only: it is attached to write already. `
          + 'Use either attach() or attachReadOnly()',
        );
      }
      if (!this.attachedReadOnly.has(fn)) {
        this.tellTableName(fn);
        fn.addEnvironment(READ_ONLY_ENVIRONMENT_VARIABLE, READ_ONLY);
        this.grant(fn, TABLE_READ_ACTIONS, KEY_READ_ACTIONS);
        this.attachedReadOnly.add(fn);
      }
    }
  }

  public attachAll(scope: IConstruct, props: SessionAccessProps = {}): void {
    const access = new SessionAccess(this, props);
    const visit = (construct: IConstruct) => access.supports(construct) && access.applyTo(construct);
    Aspects.of(scope).add({ visit }, { priority: AspectPriority.MUTATING });
  }

  public grantSession(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, TABLE_ACTIONS, KEY_ACTIONS);
  }

  /**
   * Permits actions on the table and its replicas.
   *
   * @param grantee who is permitted
   * @param actions DynamoDB actions
   */
  protected grantOnTable(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    this.grantsWithReplicas ??= dynamodb.TableGrants.fromTable(this.table, this.replicaRegions, false);
    return this.grantsWithReplicas.actions(grantee, ...actions);
  }

  private get identity(): string {
    return this.knownIdentity ??= identityOf(this, this.tableName);
  }

  private grant(grantee: iam.IGrantable, tableActions: readonly string[], keyActions: readonly string[]): iam.Grant {
    const onTable = this.grantOnTable(grantee, [...tableActions]);
    if (this.encryptionKey === undefined) {
      return onTable;
    }
    // Not by the key's own grants: for a function in another region those permit the use of all keys there are.
    return onTable.combine(iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: [...keyActions],
      resourceArns: [this.encryptionKey.keyArn, ...this.replicaKeyArns],
      resource: this.encryptionKey,
      resourceSelfArns: ['*'],
    }));
  }

  private assertNoOtherTable(fn: lambda.Function, held: SessionEnvironment): void {
    const conflict = this.otherTableIn(held);
    if (conflict !== undefined) {
      throw new Error(
        `[${fn.node.path}] cannot be attached to the session table '${this.identity}': its environment variable `
        + `${TABLE_NAME_ENVIRONMENT_VARIABLE} already names '${conflict}'. A function has one session table: attach it to one, and leave the variable to attach()`,
      );
    }
  }

  private tellTableName(fn: lambda.Function): void {
    assertReachable(this, fn);
    fn.addEnvironment(TABLE_NAME_ENVIRONMENT_VARIABLE, this.tableName);
    fn.node.addValidation({ validate: () => this.validateAttached(fn) });
  }

  private otherTableIn({ tableName }: SessionEnvironment): string | undefined {
    return tableName === this.identity ? undefined : tableName;
  }

  /** `addEnvironment()` overwrites without a word, also after `attach()`. */
  private validateAttached(fn: lambda.Function): string[] {
    const conflict = this.otherTableIn(sessionEnvironment(fn));
    return conflict === undefined ? [] : [
      `${TABLE_NAME_ENVIRONMENT_VARIABLE} was set to '${conflict}' after the function had been attached to the session table `
      + `'${this.identity}'. Leave the variable to attach()`,
    ];
  }
}
