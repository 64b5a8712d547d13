import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { SessionTableAttributes } from '../session-table-attributes';
import { SessionTableBase } from '../session-table-base';
import { assertTableArn, assertTableName, isYetToBeLookedUp } from './table-name';

/** A session table that exists already. */
export class ImportedSessionTable extends SessionTableBase {
  public readonly table: dynamodb.ITableV2;
  public readonly encryptionKey?: kms.IKey;
  protected readonly mayBeNamedByCdk = false;
  public readonly replicaRegions: string[];
  protected readonly replicaKeyArns: string[];

  constructor(scope: Construct, id: string, attrs: SessionTableAttributes) {
    const { replicaRegions = [], replicaKeyArns = {} } = attrs;
    assertNameOrArn(`${scope.node.path}/${id}`, attrs);
    assertKeysOfReplicas(`${scope.node.path}/${id}`, attrs);
    const known = withoutDummyArn(attrs);
    super(scope, id, { environmentFromArn: known.tableArn });
    this.table = dynamodb.TableV2.fromTableAttributes(this, 'Resource', known);
    this.encryptionKey = attrs.encryptionKey;
    this.replicaRegions = replicaRegions;
    this.replicaKeyArns = Object.values(replicaKeyArns);
  }

  protected override grantOnTable(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.tableArn] });
  }
}

/** Where an ARN is yet to be looked up, CDK's stand-in for it is none, and cannot be taken apart: take it for a name. */
function withoutDummyArn(attrs: SessionTableAttributes): SessionTableAttributes {
  const { tableArn, ...rest } = attrs;
  return tableArn !== undefined && isYetToBeLookedUp(tableArn) ? { ...rest, tableName: tableArn } : attrs;
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

function assertNameOrArn(path: string, { tableName, tableArn }: SessionTableAttributes): void {
  if (tableName !== undefined && tableArn !== undefined) {
    throw new Error(`[${path}] tableName and tableArn exclude each other: give one of them`);
  }
  if (tableName !== undefined) {
    assertTableName(path, tableName);
  } else if (tableArn !== undefined) {
    assertTableArn(path, tableArn);
  } else {
    throw new Error(`[${path}] tableName or tableArn is needed to refer to an existing table`);
  }
}
