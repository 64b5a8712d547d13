import { AspectPriority, Aspects, ResourceProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, DependencyGroup, IConstruct, IDependable } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { attach } from './private/attachment';
import { addExpiryEvents } from './private/expiry-events';
import { grantOnKeys, TableKeys } from './private/key-grants';
import { addLateResources } from './private/late-resources';
import { assertReachable } from './private/reachability';
import { KEY_READ_ACTIONS, Permissions, READING, READING_AND_WRITING } from './private/runtime-permissions';
import { replicaKeyArnsOf, replicaRegionsOf } from './private/table-replicas';
import { tableResource } from './private/table-resource';
import { tableVariables } from './private/table-variables';
import { SessionAccess } from './session-access';
import type { SessionAccessProps } from './session-access-props';
import type { SessionExpiryProps } from './session-expiry-props';
import { SessionMetrics } from './session-metrics';

/**
 * What all session tables have in common, whether created in this app or imported.
 */
export abstract class SessionTableBase extends SessionMetrics implements ISessionTable {
  public abstract readonly collectionsTable?: dynamodb.ITableV2;
  public abstract readonly encryptionKey?: kms.IKey;
  public abstract readonly replicaRegions: string[];

  /** The ARNs of the customer managed keys that encrypt the replicas. */
  protected abstract readonly replicaKeyArns: string[];

  /** Whether CDK may name the table when a stack in another region refers to it. */
  protected abstract readonly mayBeNamedByCdk: boolean;

  /**
   * @param scope the scope of the construct
   * @param id the id of the construct
   * @param props the environment, if it differs from that of the stack
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

  public get environment(): { [name: string]: string } {
    return Object.fromEntries(tableVariables(this).map(({ name, value }) => [name, value]));
  }

  public attach(...functions: iam.IGrantable[]): IDependable {
    return this.attachAs(READING_AND_WRITING, functions);
  }

  public attachReadOnly(...functions: iam.IGrantable[]): IDependable {
    return this.attachAs(READING, functions);
  }

  public attachAll(scope: IConstruct, props: SessionAccessProps = {}): void {
    const access = new SessionAccess(this, props);
    const visit = (construct: IConstruct) => access.supports(construct) && access.applyTo(construct);
    Aspects.of(scope).add({ visit }, { priority: AspectPriority.MUTATING });
  }

  public grantSession(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, READING_AND_WRITING);
  }

  public onExpired(fn: lambda.IFunction, props: SessionExpiryProps = {}): void {
    addExpiryEvents(this, fn, props);
    if (this.encryptionKey !== undefined) {
      grantOnKeys(fn, { tableKey: this.encryptionKey, replicaKeyArns: () => [] }, [...KEY_READ_ACTIONS]);
    }
  }

  /**
   * Grants actions on the table in its own region.
   *
   * @param grantee who gets the permissions
   * @param actions DynamoDB actions
   */
  protected grantOnTable(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return dynamodb.TableGrants.fromTable(this.table, [], false).actions(grantee, ...actions);
  }

  private attachAs(permissions: Permissions, functions: iam.IGrantable[]): IDependable {
    return new DependencyGroup(...functions.map((fn) => attach(fn, {
      sessions: this,
      variables: tableVariables(this),
      readOnly: permissions === READING,
      assertReachable: (construct) => assertReachable(this, construct, this.mayBeNamedByCdk),
      grant: (grantee) => this.grant(grantee, permissions),
    })));
  }

  private grant(grantee: iam.IGrantable, { tableActions, collectionsActions, keyActions }: Permissions): iam.Grant {
    const grants = [this.grantOnTable(grantee, [...tableActions])];
    addLateResources(grants[0], () => this.replicaArns(this.tableName, this.replicaRegions));
    const { collectionsTable } = this;
    if (collectionsTable !== undefined) {
      const onCollections = dynamodb.TableGrants.fromTable(collectionsTable, [], false).actions(grantee, ...collectionsActions);
      addLateResources(onCollections, () => this.replicaArns(collectionsTable.tableName, this.regionsOf(collectionsTable)));
      grants.push(onCollections);
    }
    for (const keys of this.keys()) {
      grants.push(grantOnKeys(grantee, keys, [...keyActions]));
    }
    return grants.reduce((all, grant) => all.combine(grant));
  }

  private keys(): TableKeys[] {
    const { encryptionKey, collectionsTable } = this;
    const keyOfCollections = collectionsTable?.encryptionKey;
    return [
      ...encryptionKey === undefined ? [] : [{ tableKey: encryptionKey, replicaKeyArns: () => this.replicaKeyArns }],
      ...keyOfCollections === undefined || keyOfCollections === encryptionKey ? []
        : [{ tableKey: keyOfCollections, replicaKeyArns: () => replicaKeyArnsOf(collectionsTable!) }],
    ];
  }

  private replicaArns(tableName: string, regions: string[]): string[] {
    return regions.map((region) => this.stack.formatArn({
      service: 'dynamodb', resource: 'table', resourceName: tableName, account: this.env.account, region,
    }));
  }

  private regionsOf(collectionsTable: dynamodb.ITableV2): string[] {
    return tableResource(collectionsTable) === undefined ? this.replicaRegions : replicaRegionsOf(collectionsTable);
  }
}
