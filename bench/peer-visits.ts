import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { type Costs, MeteredFunction } from './metered-function';
import { bundleInto } from './own-handlers';
import { eventAfter, type Peer } from './peers';
import { createPeerTable } from './prepared-peers';
import { LOCAL_CLIENT } from '../test/fixtures/session-table';

/** What the visits of several visitors cost, by what their invocations did. */
export interface PeerVisits {
  readonly peer: Peer;
  /** Calls beside the data plane in the first invocation of a process. */
  readonly controlPlaneCallsAtFirst: number;
  readonly costs: Readonly<Record<string, readonly Costs[]>>;
}

export const PEER_CASES = ['new visitor', 'read only', 'changed'] as const;
export const UNCHANGED_CASES = ['unchanged, expiry not due', 'unchanged, expiry due'] as const;

/** More than a tenth of its 900 seconds. */
const SECONDS_UNTIL_DUE = 100;

/** The visits of a peer's table on DynamoDB Local. */
export class PeerTable {
  private readonly dynamodb: DynamoDB;
  private readonly tableName: string;

  constructor(private readonly peer: Peer, private readonly endpoint: string, private readonly directory: string) {
    this.dynamodb = new DynamoDB({ ...LOCAL_CLIENT, endpoint });
    this.tableName = `calls-${peer.id}`;
  }

  async measure(visitors: number): Promise<PeerVisits> {
    await createPeerTable(this.dynamodb, this.peer, this.tableName);
    const fn = await this.start(this.peer);
    try {
      const { costs: first } = await fn.invoke(eventAfter(), '1');
      const costs = await this.repeat(visitors, async () => {
        const { answer, costs: newVisitor } = await fn.invoke(eventAfter(), '1');
        const { costs: changed } = await fn.invoke(eventAfter(answer), '2');
        const { costs: readOnly } = await fn.invoke(reading(eventAfter(answer)), '2');
        return { 'new visitor': newVisitor, 'read only': readOnly, changed };
      });
      return { peer: this.peer, controlPlaneCallsAtFirst: first.controlPlaneCalls, costs };
    } finally {
      await fn.stop();
    }
  }

  /** For sessions that are set to what they are: by a handler that makes them, and one that sets them. */
  async measureUnchanged(visitors: number): Promise<PeerVisits> {
    const makes = await this.start(this.peer);
    const keeps = await this.start({ ...this.peer, id: 'unchanged', entry: '../handlers/unchanged.mjs' });
    try {
      const costs = await this.repeat(visitors, async () => {
        const { answer } = await makes.invoke(eventAfter(), '1');
        const { costs: notDue } = await keeps.invoke(eventAfter(answer), '1');
        await this.makeDue(`${answer.headers!['session-id']}`);
        const { costs: due } = await keeps.invoke(eventAfter(answer), '1');
        return { 'unchanged, expiry not due': notDue, 'unchanged, expiry due': due };
      });
      return { peer: this.peer, controlPlaneCallsAtFirst: 0, costs };
    } finally {
      await makes.stop();
      await keeps.stop();
    }
  }

  release(): void {
    this.dynamodb.destroy();
  }

  private start(peer: Peer): Promise<MeteredFunction> {
    return MeteredFunction.start(peer, bundleInto(this.directory, peer), this.tableName, this.dynamodb, this.endpoint);
  }

  private async repeat(visitors: number, visit: () => Promise<Record<string, Costs>>): Promise<Record<string, Costs[]>> {
    const costs: Record<string, Costs[]> = {};
    for (let visitor = 0; visitor < visitors; visitor++) {
      for (const [name, cost] of Object.entries(await visit())) {
        (costs[name] ??= []).push(cost);
      }
    }
    return costs;
  }

  /** Puts the session's expiry back, as if it had been renewed that long ago. */
  private async makeDue(id: string): Promise<void> {
    await this.dynamodb.updateItem({
      TableName: this.tableName,
      Key: { key: { S: id } },
      UpdateExpression: 'SET #ttl = #ttl - :seconds',
      ConditionExpression: 'attribute_exists(#ttl)',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':seconds': { N: `${SECONDS_UNTIL_DUE}` } },
    });
  }
}

/** The event of a visit that only reads. */
function reading(event: any): object {
  const { http, ...others } = event.requestContext;
  return { ...event, rawPath: '/read', requestContext: { ...others, http: { ...http, path: '/read' } } };
}
