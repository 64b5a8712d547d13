import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { SessionTableAttributes } from '../session-table-attributes';
import { SessionTableBase } from '../session-table-base';
import { assertSameEnvironment } from './same-environment';
import { assertSeparateTables } from './separate-tables';
import { assertTableArn, assertTableName, isYetToBeLookedUp } from './table-name';

/** An existing session table. */
export class ImportedSessionTable extends SessionTableBase {
  public readonly table: dynamodb.ITableV2;
  public readonly collectionsTable?: dynamodb.ITableV2;
  public readonly encryptionKey?: kms.IKey;
  public readonly replicaRegions: string[];
  protected readonly replicaKeyArns: string[];
  protected readonly mayBeNamedByCdk = false;

  constructor(scope: Construct, id: string, attrs: SessionTableAttributes) {
    const { encryptionKey, tableStreamArn, replicaRegions = [], replicaKeyArns = {} } = attrs;
    const path = `${scope.node.path}/${id}`;
    const table = existingTable(path, { name: attrs.tableName, arn: attrs.tableArn }, ['tableName', 'tableArn']);
    if (table === undefined) {
      throw new Error(`[${path}] tableName or tableArn is needed to refer to an existing table`);
    }
    const collections = existingTable(path, { name: attrs.collectionsTableName, arn: attrs.collectionsTableArn }, ['collectionsTableName', 'collectionsTableArn']);
    assertKeysOfReplicas(path, attrs);
    super(scope, id, { environmentFromArn: table.tableArn });
    this.table = dynamodb.TableV2.fromTableAttributes(this, 'Resource', { ...table, encryptionKey, tableStreamArn });
    this.collectionsTable = collections && this.tableBeside(path, collections);
    this.encryptionKey = encryptionKey;
    this.replicaRegions = replicaRegions;
    this.replicaKeyArns = Object.values(replicaKeyArns);
  }

  protected override grantOnTable(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.tableArn] });
  }

  /** A name alone refers to a table in the region of the session table, which can differ from the region of the stack. */
  private tableBeside(path: string, { tableName, tableArn }: ExistingTable): dynamodb.ITableV2 {
    const arn = tableArn ?? this.stack.formatArn({
      service: 'dynamodb', resource: 'table', resourceName: tableName, account: this.env.account, region: this.env.region,
    });
    const table = dynamodb.TableV2.fromTableArn(this, 'Collections', arn);
    assertSameEnvironment(path, this.env, table.env);
    assertSeparateTables(path, this.table, table);
    return table;
  }
}

interface ExistingTable {
  readonly tableName?: string;
  readonly tableArn?: string;
}

/** Returns the table with a name or an ARN, undefined if neither is given. */
function existingTable(
  path: string, { name, arn }: { name?: string; arn?: string }, [nameProperty, arnProperty]: [string, string],
): ExistingTable | undefined {
  if (name !== undefined && arn !== undefined) {
    throw new Error(`[${path}] ${nameProperty} and ${arnProperty} exclude each other: give one of them`);
  }
  if (name !== undefined) {
    assertTableName(path, name, nameProperty);
    return { tableName: name };
  }
  if (arn !== undefined) {
    assertTableArn(path, arn, arnProperty);
    // CDK's placeholder for an ARN that it has not looked up yet cannot be parsed as an ARN: use it as a name.
    return isYetToBeLookedUp(arn) ? { tableName: arn } : { tableArn: arn };
  }
  return undefined;
}

function assertKeysOfReplicas(path: string, { encryptionKey, replicaRegions = [], replicaKeyArns = {} }: SessionTableAttributes): void {
  const encrypted = Object.keys(replicaKeyArns);
  const stray = encrypted.find((region) => !replicaRegions.includes(region));
  if (stray !== undefined) {
    throw new Error(`[${path}] replicaKeyArns has a key for '${stray}', which is not among the replicaRegions: ${replicaRegions.join(', ') || 'none'}`);
  }
  if (encrypted.length > 0 && encryptionKey === undefined) {
    throw new Error(`[${path}] replicaKeyArns without an encryptionKey: where customer managed keys encrypt the replicas, one encrypts the table too`);
  }
}
