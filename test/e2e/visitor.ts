import { deepStrictEqual } from 'node:assert/strict';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { call } from '../../examples/article/demo/call';
import { ATTRIBUTES } from '../../src/shared-with-runtime/table-schema';
import type { LocalLambda } from '../fixtures/lambda-runtime-api';
import { LOCAL_CLIENT } from '../fixtures/session-table';

export interface Database {
  readonly name: string;
  readonly endpoint: string;
}

/** A client of the example's counter that has one session for all its calls, kept in one database. */
export class Visitor {
  private sessionId?: string;
  private calls = 0;

  constructor(readonly database: Database, private readonly tableName: string) {}

  /** Calls once and returns what the counter found in the session: the number of the call before, null at first. */
  async visit(counter: LocalLambda, statusCode: number): Promise<number | null> {
    const answer = await call(counter, 'count', this.sessionId);
    const found = this.calls === 0 ? null : this.calls;
    deepStrictEqual(answer, { statusCode, sessionId: this.sessionId ?? answer.sessionId, body: found });
    this.sessionId = answer.sessionId;
    this.calls += 1;
    return found;
  }

  /** Fails unless the session, and no other, is on the table. */
  async expectSessionOnTable(): Promise<void> {
    const client = new DynamoDB({ ...LOCAL_CLIENT, endpoint: this.database.endpoint });
    try {
      const { Items = [] } = await client.scan({ TableName: this.tableName, ConsistentRead: true });
      const sessions = Items.map((item) => unmarshall(item)).map((item) => ({ id: item[ATTRIBUTES.key], data: item[ATTRIBUTES.value] }));
      deepStrictEqual(sessions, [{ id: this.sessionId, data: this.calls }]);
    } finally {
      client.destroy();
    }
  }
}
