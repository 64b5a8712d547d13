import { attemptsOf, callTable, isConditionFailure } from './call-table.js';
import type { Send } from './call-table.js';
import { collectionWrite, sendWrite } from './collection-writes.js';
import { changeExpressions, creationExpressions, departureExpressions, destructionExpressions, touchExpressions } from './expressions.js';
import { describeFailure } from './failures.js';
import type { Operation } from './failures.js';
import { transactionResult } from './transactions.js';
import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../../src/shared-with-runtime/table-schema.js';
import type { DynamoDBClient, TransactWriteItemsInput } from '../../dynamodb/client/dynamodb-client.js';
import { createLightweightClient } from '../../dynamodb/client/lightweight-client.js';
import type { Item } from '../../dynamodb/values/attribute-value.js';
import { SessionOptionsError } from '../../errors.js';
import { crypto } from '../../platform/node-modules.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { DestroyOptions, GetOptions, StoreCallOptions } from '../call-options.js';
import type { CollectionWrite } from '../collections/collections-store.js';
import type { CollectionsTable } from '../collections/collections-table.js';
import { keyOfWrite } from '../collections/key-of-write.js';
import type { SessionRow } from '../session-row.js';
import type { SessionStore } from '../store.js';
import type { Change, Creation, Regeneration, Touch, WriteResult } from '../writes.js';

/**
 * The tables, and the client that reaches them.
 *
 * @example
 * ```ts
 * import { DynamoDB } from '@aws-sdk/client-dynamodb';
 * import { DynamoDBStore } from 'cdk-session-table/lambda-runtime';
 * import type { DynamoDBStoreProps } from 'cdk-session-table/lambda-runtime';
 *
 * const props: DynamoDBStoreProps = { tableName: 'sessions', client: new DynamoDB({ region: 'eu-central-1' }) };
 * const store = new DynamoDBStore(props);
 * ```
 */
export interface DynamoDBStoreProps {
  /** The name of the table: partition key `key` of type S, TTL on `ttl`. */
  readonly tableName: string;

  /**
   * The name of the collections table: partition key `collection` and sort key `item`, both of type S, TTL on `ttl`. Needed
   * by `conversation()` and for the sessions of a user.
   *
   * @default none
   */
  readonly collectionsTableName?: string;

  /**
   * The client to speak through, for instance `new DynamoDB({...})` from `@aws-sdk/client-dynamodb`.
   *
   * @default the built-in lightweight client, which takes region, credentials and endpoint from the environment
   */
  readonly client?: DynamoDBClient;
}

type TransactionItems = NonNullable<TransactWriteItemsInput['TransactItems']>;

/**
 * Sessions in a DynamoDB table.
 *
 * @example
 * ```ts
 * import { DynamoDBStore, session } from 'cdk-session-table/lambda-runtime';
 *
 * const store = new DynamoDBStore({ tableName: 'sessions' });
 * export const handler = session(async () => ({ statusCode: 200 }), { store, update: true, ttl: 15 * 60 });
 * ```
 */
export class DynamoDBStore implements SessionStore {
  readonly tableName: string;
  readonly collections?: CollectionsTable;
  private readonly client: DynamoDBClient;

  /** @throws SessionOptionsError if a table has no name, or both are one */
  constructor(props: DynamoDBStoreProps) {
    checkOptionNames(props, ['tableName', 'collectionsTableName', 'client'], 'DynamoDBStore');
    const { tableName, collectionsTableName, client = createLightweightClient() } = props;
    if (typeof tableName !== 'string' || tableName === '') {
      throw new SessionOptionsError('tableName must be the name of the session table');
    }
    if (collectionsTableName !== undefined) {
      refuseOneTable(tableName, collectionsTableName);
    }
    this.tableName = tableName;
    this.client = client;
    this.collections = collectionsTableName === undefined ? undefined : { tableName: collectionsTableName, client };
  }

  async get(key: string, options: GetOptions): Promise<SessionRow | undefined> {
    const input = { TableName: this.tableName, Key: { key: { S: key } }, ConsistentRead: options.consistentRead };
    const output = await this.call('load', key, options, (call) => this.client.getItem(input, call));
    return output.Item as SessionRow | undefined;
  }

  create(creation: Creation, options: StoreCallOptions): Promise<WriteResult> {
    const input = { TableName: this.tableName, Item: creation.row as Item, ...creationExpressions(creation) };
    if (creation.beside !== undefined) {
      return this.transact('save', creation.row, [{ Put: input }], creation.beside, options);
    }
    return this.write('save', creation.row.key.S!, options, (call) => this.client.putItem(input, call));
  }

  save(change: Change, options: StoreCallOptions): Promise<WriteResult> {
    const input = { TableName: this.tableName, Key: { key: change.from.key }, ...changeExpressions(change) };
    return this.write('save', change.from.key.S!, options, (call) => this.client.updateItem(input, call));
  }

  touch(touch: Touch, options: StoreCallOptions): Promise<WriteResult> {
    const input = { TableName: this.tableName, Key: { key: touch.from.key }, ...touchExpressions(touch) };
    return this.write('touch', touch.from.key.S!, options, (call) => this.client.updateItem(input, call));
  }

  regenerate(regeneration: Regeneration, options: StoreCallOptions): Promise<WriteResult> {
    const { row, forwardingRow, beside = [] } = regeneration;
    return this.transact('regenerate', row, [
      { Put: { TableName: this.tableName, Item: row as Item, ...creationExpressions({ row }) } },
      { Put: { TableName: this.tableName, Item: forwardingRow as Item, ...departureExpressions(regeneration) } },
    ], beside, options);
  }

  destroy(key: string, options: DestroyOptions): Promise<SessionRow | undefined> {
    const condition = options.keepsForwardingRow ? destructionExpressions() : {};
    const input = { TableName: this.tableName, Key: { key: { S: key } }, ReturnValues: 'ALL_OLD', ...condition } as const;
    return this.call('destroy', key, options, async (call) => {
      try {
        return (await this.client.deleteItem(input, call)).Attributes as SessionRow | undefined;
      } catch (error) {
        if (isConditionFailure(error)) {
          return error.Item as SessionRow | undefined;
        }
        throw error;
      }
    });
  }

  async writeBeside(write: CollectionWrite, options: StoreCallOptions): Promise<void> {
    const send = sendWrite(this.client, collectionWrite(this.collections!.tableName, write));
    await this.write('write', keyOfWrite(write).collection.S!, options, send);
  }

  /** Puts a row under a new key, in one step with other writes. */
  private transact(
    operation: Operation, row: SessionRow, items: TransactionItems, beside: readonly CollectionWrite[], options: StoreCallOptions,
  ): Promise<WriteResult> {
    const input = {
      ClientRequestToken: crypto().randomUUID(),
      TransactItems: [...items, ...beside.map((write) => collectionWrite(this.collections!.tableName, write))],
    };
    return this.call<WriteResult>(operation, row.key.S!, options, async (call) => {
      try {
        await this.client.transactWriteItems(input, call);
        return { written: true };
      } catch (error) {
        return transactionResult(row, items.length, error);
      }
    });
  }

  private write(operation: Operation, key: string, options: StoreCallOptions, send: Send<unknown>): Promise<WriteResult> {
    let attempts = 0;
    return this.call<WriteResult>(operation, key, options, async (call) => {
      try {
        await send(call);
        return { written: true };
      } catch (error) {
        attempts += attemptsOf(error);
        if (isConditionFailure(error)) {
          return { written: false, found: error.Item as SessionRow | undefined, mayBeApplied: attempts > 1 };
        }
        throw error;
      }
    });
  }

  private call<T>(operation: Operation, key: string, limits: StoreCallOptions, send: Send<T>): Promise<T> {
    return callTable(send, limits, (cause) => describeFailure(operation, key, this.tableName, cause));
  }
}

/** A name and an ARN that ends with it: transactions need both tables in one account and region, so it is the same table. */
function refuseOneTable(tableName: string, collectionsTableName: string): void {
  const isNameOf = (name: string, arn: string) => arn.endsWith(`:table/${name}`);
  if (tableName === collectionsTableName || isNameOf(tableName, collectionsTableName) || isNameOf(collectionsTableName, tableName)) {
    throw new SessionOptionsError(
      `'${tableName}' cannot be both the session table and the collections table, whose keys differ: set collections: true on the SessionTable, or name another `
      + `table as collectionsTableName or in ${COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE}`,
    );
  }
}
