import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { SessionTableBase } from '../session-table-base';
import { assertKeepsSessions } from './table-contract';
import { replicaKeyArnsOf, replicaRegionsOf } from './table-replicas';

/** A session table around a table construct that others have made. */
export class WrappedSessionTable extends SessionTableBase {
  public readonly encryptionKey?: kms.IKey;
  protected readonly mayBeNamedByCdk = false;

  constructor(scope: Construct, id: string, public readonly table: dynamodb.ITableV2) {
    assertKeepsSessions(`${scope.node.path}/${id}`, table);
    super(scope, id, table.env);
    this.encryptionKey = table.encryptionKey;
  }

  public get replicaRegions(): string[] {
    return replicaRegionsOf(this.table);
  }

  protected get replicaKeyArns(): string[] {
    return replicaKeyArnsOf(this.table);
  }
}
