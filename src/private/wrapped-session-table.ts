import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { SessionTableBase } from '../session-table-base';
import { assertSameEnvironment } from './same-environment';
import { assertSeparateTables } from './separate-tables';
import { assertKeepsCollections, assertKeepsSessions } from './table-contract';
import { replicaKeyArnsOf, replicaRegionsOf } from './table-replicas';

/** A session table that uses an existing table construct. */
export class WrappedSessionTable extends SessionTableBase {
  public readonly encryptionKey?: kms.IKey;
  protected readonly mayBeNamedByCdk = false;

  constructor(scope: Construct, id: string, public readonly table: dynamodb.ITableV2, public readonly collectionsTable?: dynamodb.ITableV2) {
    const path = `${scope.node.path}/${id}`;
    assertKeepsSessions(path, table);
    if (collectionsTable !== undefined) {
      assertKeepsCollections(path, collectionsTable);
      assertSameEnvironment(path, table.env, collectionsTable.env);
      assertSeparateTables(path, table, collectionsTable);
    }
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
